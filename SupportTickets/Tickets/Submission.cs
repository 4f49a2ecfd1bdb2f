using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SupportTickets.Core;

namespace SupportTickets.Tickets;

/// <summary>
/// A ticket that came in under a key, so that what is sent again because its answer was lost is not taken twice. Written in
/// the transaction of the ticket; kept for at least <see cref="Lifetime"/>.
/// </summary>
public sealed class Submission
{
    /// <summary>How long a key is remembered at least.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Of the key and its scope, SHA-256; the key of the table.</summary>
    public required byte[] KeyHash { get; set; }

    /// <summary>Of the ticket as it was sent, SHA-256: <see cref="DigestOf"/>.</summary>
    public required byte[] Digest { get; set; }

    /// <summary>The ticket; null once it is deleted.</summary>
    public int? TicketId { get; set; }

    /// <summary>The ticket; null once it is deleted.</summary>
    public Ticket? Ticket { get; set; }

    /// <summary>The number that the ticket had, once it is deleted; null before that.</summary>
    public int? FormerTicketId { get; set; }

    /// <summary>When, UTC, to the microsecond.</summary>
    public DateTime CreatedAt { get; set; }

    // What has its default is left out: a field that comes with a new version does not change the digest of what an old one took.
    private static readonly JsonSerializerOptions Whole = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    /// <summary>The digest of a valid ticket: equal for two that would be stored alike, however they were spelled.</summary>
    public static byte[] DigestOf(NewTicket ticket) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(ticket, Whole));
}

/// <summary>What a caller says that a submission is to be known by.</summary>
/// <param name="Text">As received; <see cref="IsValid"/> says whether it will do.</param>
/// <param name="Scope">Whose it is: keys of different callers have nothing to do with each other.</param>
public sealed record SubmissionKey(string Text, string Scope)
{
    /// <summary>The longest key, in characters.</summary>
    public const int MaxLength = 255;

    private const int RandomBytes = 16;

    /// <summary>Whether it is 1 to <see cref="MaxLength"/> printable ASCII characters, not all of them spaces.</summary>
    public bool IsValid => Text.Length is > 0 and <= MaxLength && Text.All(c => c is >= ' ' and <= '~') && !string.IsNullOrWhiteSpace(Text);

    /// <summary>By which it is found. Of fixed length, and nobody who reads the table can send it.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes($"{Scope}\n{Text}"));

    /// <summary>The text of a key that nobody has used or can guess.</summary>
    public static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));
}

/// <summary>Why a key was not taken.</summary>
public enum SubmissionRefusal
{
    /// <summary>It is none.</summary>
    BadKey,
    /// <summary>Another ticket came in under it.</summary>
    KeyTaken,
    /// <summary>The ticket that came in under it was deleted since.</summary>
    TicketDeleted,
}

/// <summary>A key was not taken; nothing was created.</summary>
/// <param name="Why">The reason.</param>
/// <param name="TicketId">The number of the ticket of the key, deleted or not; null when there is none, or it is not to be told.</param>
public sealed record SubmissionRefused(SubmissionRefusal Why, int? TicketId = null) : Problem;
