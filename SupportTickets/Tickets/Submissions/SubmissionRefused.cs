using SupportTickets.Core;

namespace SupportTickets.Tickets.Submissions;

/// <summary>Why a key was refused.</summary>
public enum SubmissionRefusal
{
    /// <summary>It is not a valid key.</summary>
    BadKey,
    /// <summary>Another ticket or comment was created with it.</summary>
    KeyTaken,
    /// <summary>The ticket that was created with it has been deleted.</summary>
    TicketDeleted,
    /// <summary>The comment that was added with it has been deleted.</summary>
    CommentDeleted,
}

/// <summary>A key was refused; nothing was created.</summary>
/// <param name="Why">The reason.</param>
/// <param name="TicketId">The number of the key's ticket, deleted or not; null when there is none or the caller must not know it.</param>
public sealed record SubmissionRefused(SubmissionRefusal Why, int? TicketId = null) : Problem;
