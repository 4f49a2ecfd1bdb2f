using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SupportTickets.Tickets.Submissions;

/// <summary>
/// A ticket that came in under an idempotency key. When it is sent again, because its answer was lost, it is not created twice.
/// Written in the transaction of the ticket; kept for at least <see cref="Lifetime"/>.
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
