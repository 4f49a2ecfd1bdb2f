namespace SupportTickets.Tickets;

/// <summary>A file of a ticket or of one of its comments. Its content is in <see cref="AttachmentPiece"/> rows.</summary>
public sealed class Attachment
{
    /// <summary>The longest name, in Unicode code points.</summary>
    public const int MaxNameLength = 200;

    /// <summary>The most files that come with one ticket or one comment.</summary>
    public const int MaxAtOnce = 50;

    /// <summary>The key, assigned by the database.</summary>
    public int Id { get; set; }

    /// <summary>The ticket; null for a file that was uploaded for a ticket that is not sent yet.</summary>
    public int? TicketId { get; set; }

    /// <summary>The ticket.</summary>
    public Ticket? Ticket { get; private set; }

    /// <summary>The comment that it came with; null when it came with the ticket.</summary>
    public int? CommentId { get; set; }

    /// <summary>The comment that it came with; null when it came with the ticket.</summary>
    public Comment? Comment { get; private set; }

    /// <summary>
    /// Whether its comment is an internal note. True without a comment means that it was uploaded for a ticket or a comment that is not
    /// sent yet: nobody sees it, and it is deleted after a day.
    /// </summary>
    public bool IsInternal { get; set; }

    /// <summary>The name of the file, without folders.</summary>
    public required string Name { get; set; }

    /// <summary>The media type as its content shows it, not its name; application/octet-stream for a type that is not known.</summary>
    public required string MediaType { get; set; }

    /// <summary>The length in bytes.</summary>
    public long Size { get; set; }

    /// <summary>SHA-256 of the content.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>When it was added, UTC, to the microsecond.</summary>
    public DateTime CreatedAt { get; set; }
}

/// <summary>A piece of the content of a file. Pieces keep memory flat: a file is written and read one piece after the other.</summary>
public sealed class AttachmentPiece
{
    /// <summary>The length of all pieces but the last, in bytes.</summary>
    public const int Length = 256 * 1024;

    /// <summary>The file.</summary>
    public int AttachmentId { get; set; }

    /// <summary>Its place in the file, from 0.</summary>
    public int Number { get; set; }

    /// <summary>The bytes.</summary>
    public required byte[] Content { get; set; }
}
