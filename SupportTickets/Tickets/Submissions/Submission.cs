using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SupportTickets.Tickets.Submissions;

/// <summary>
/// A ticket that was sent with an idempotency key. If it is sent again because the answer was lost, it is not created twice.
/// Written in the same transaction as the ticket and kept for at least <see cref="Lifetime"/>.
/// </summary>
public sealed class Submission
{
    /// <summary>How long a key is kept at least.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>SHA-256 of the key and its scope; the key of the table.</summary>
    public required byte[] KeyHash { get; set; }

    /// <summary>SHA-256 of the ticket as it was sent: <see cref="DigestOf"/>.</summary>
    public required byte[] Digest { get; set; }

    /// <summary>The ticket; null once it is deleted.</summary>
    public int? TicketId { get; set; }

    /// <summary>The ticket; null once it is deleted.</summary>
    public Ticket? Ticket { get; set; }

    /// <summary>The number that the ticket had, once it is deleted; null before that.</summary>
    public int? FormerTicketId { get; set; }

    /// <summary>When it was sent, UTC, to the microsecond.</summary>
    public DateTime CreatedAt { get; set; }

    // Fields with their default are left out, so that a field added in a new version does not change earlier digests.
    private static readonly JsonSerializerOptions Whole = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    /// <summary>
    /// The digest of a valid ticket: equal for two tickets that would be stored alike, even if they were sent in different
    /// formats.
    /// </summary>
    public static byte[] DigestOf(NewTicket ticket) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(ticket, Whole));
}
