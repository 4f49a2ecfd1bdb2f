using System.Security.Cryptography;
using System.Text;

namespace SupportTickets.Tickets.Submissions;

/// <summary>The key that a caller sends with a ticket, so that the ticket is created only once, however often it is sent.</summary>
/// <param name="Text">The key as received, not yet checked: see <see cref="IsValid"/>.</param>
/// <param name="Scope">The scope of the key: keys of different callers are independent of each other.</param>
public sealed record IdempotencyKey(string Text, string Scope)
{
    /// <summary>The longest key, in characters.</summary>
    public const int MaxLength = 255;

    private const int RandomBytes = 16;

    /// <summary>Whether it is 1 to <see cref="MaxLength"/> printable ASCII characters, not all of them spaces.</summary>
    public bool IsValid => Text.Length is > 0 and <= MaxLength && Text.All(c => c is >= ' ' and <= '~') && !string.IsNullOrWhiteSpace(Text);

    /// <summary>The hash for the table. Its length is fixed, and a reader of the table cannot send the key.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes($"{Scope}\n{Text}"));

    /// <summary>The text of a random key, which nobody has used or can guess.</summary>
    public static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));
}
