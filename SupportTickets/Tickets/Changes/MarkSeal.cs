using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;

namespace SupportTickets.Tickets.Changes;

/// <summary>
/// Encrypts change marks for pages and links. A mark moves with every event, so one that can be read would tell those who may not read
/// internal notes when a note is written.
/// </summary>
public sealed class MarkSeal(IDataProtectionProvider protection)
{
    private const int MaxLength = 4096;

    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    private readonly IDataProtector _protector = protection.CreateProtector("SupportTickets.Tickets.Changes.Mark");

    /// <summary>The mark as letters, digits, "-" and "_". Two texts of one mark differ.</summary>
    public string Seal(ChangeMark mark) => Base64Url.EncodeToString(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(mark, Json)));

    /// <summary>The mark that <see cref="Seal"/> made the text of; null for any other text.</summary>
    public ChangeMark? Open(string? text)
    {
        if (text is null or "" or { Length: > MaxLength })
            return null;
        try
        {
            return JsonSerializer.Deserialize<ChangeMark>(_protector.Unprotect(Base64Url.DecodeFromChars(text)), Json);
        }
        catch (Exception error) when (error is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
