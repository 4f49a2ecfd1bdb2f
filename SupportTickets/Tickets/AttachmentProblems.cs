using SupportTickets.Core;

namespace SupportTickets.Tickets;

/// <summary>Why a file was not taken.</summary>
public enum AttachmentRefusal
{
    /// <summary>It is over MAX_ATTACHMENT_BYTES.</summary>
    TooLarge,
    /// <summary>With it the ticket would be over MAX_TICKET_ATTACHMENT_BYTES.</summary>
    TicketFull,
    /// <summary>There are more than <see cref="Attachment.MaxAtOnce"/>.</summary>
    TooMany,
    /// <summary>It was uploaded too long ago, or is with another ticket or comment already.</summary>
    Gone,
}

/// <summary>A file was not taken; nothing was written.</summary>
/// <param name="Why">The reason.</param>
/// <param name="Name">The name of the file, as far as it is known.</param>
/// <param name="Limit">The limit, in bytes or files; 0 where there is none.</param>
public sealed record AttachmentRefused(AttachmentRefusal Why, string Name, long Limit) : Problem;
