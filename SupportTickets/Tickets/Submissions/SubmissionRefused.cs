using SupportTickets.Core;

namespace SupportTickets.Tickets.Submissions;

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
