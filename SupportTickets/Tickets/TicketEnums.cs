using System.Diagnostics.CodeAnalysis;

namespace SupportTickets.Tickets;

// Members are named exactly as on the wire and stored as integers in declared order: renaming them for the wire breaks
// `in (...)` and groupby in the OData library, and storing them as text sorts priorities alphabetically.
#pragma warning disable CA1707, CA1720, CA1008 // 'general' and the zero members are the field's words.

/// <summary>What a ticket is about.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum Category
{
    /// <summary>Invoices, payments, refunds.</summary>
    billing,
    /// <summary>Errors, outages, bugs.</summary>
    technical,
    /// <summary>Sign-in, profile, access.</summary>
    account,
    /// <summary>Anything else.</summary>
    general,
}

/// <summary>How soon a ticket needs work, from least to most.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum Priority
{
    /// <summary>Can wait.</summary>
    low,
    /// <summary>Normal work.</summary>
    medium,
    /// <summary>Today.</summary>
    high,
    /// <summary>Now.</summary>
    critical,
}

/// <summary>Where a ticket stands in its life. <see cref="resolved"/> and <see cref="closed"/> count as done.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum Status
{
    /// <summary>Waiting for somebody to take it.</summary>
    open,
    /// <summary>Somebody works on it.</summary>
    in_progress,
    /// <summary>Answered; may be reopened.</summary>
    resolved,
    /// <summary>Finished for good; may still be reopened.</summary>
    closed,
}

/// <summary>The mood of the text, from best to worst.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum Sentiment
{
    /// <summary>Content.</summary>
    calm,
    /// <summary>No mood to be read.</summary>
    neutral,
    /// <summary>Annoyed.</summary>
    frustrated,
    /// <summary>Furious.</summary>
    angry,
}

/// <summary>The way a ticket or a change came in.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum Channel
{
    /// <summary>The pages of this desk.</summary>
    web,
    /// <summary>The REST routes.</summary>
    rest,
    /// <summary>The OData feed.</summary>
    odata,
    /// <summary>A mail.</summary>
    email,
}

/// <summary>The field of a ticket that an event changed.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum TicketField
{
    /// <summary><see cref="Ticket.Title"/>.</summary>
    title,
    /// <summary><see cref="Ticket.Description"/>.</summary>
    description,
    /// <summary><see cref="Ticket.Category"/>.</summary>
    category,
    /// <summary><see cref="Ticket.Priority"/>.</summary>
    priority,
    /// <summary><see cref="Ticket.Status"/>; the event of a creation has no old value.</summary>
    status,
    /// <summary><see cref="Ticket.Sentiment"/>.</summary>
    sentiment,
    /// <summary><see cref="Ticket.UrgencyScore"/>.</summary>
    urgency_score,
    /// <summary><see cref="Ticket.AssigneeId"/>; values as <see cref="Assignment.Text"/> has them.</summary>
    assignee,
    /// <summary><see cref="Ticket.RequesterId"/>; values as <see cref="Requester.Text"/> has them.</summary>
    requester,
    /// <summary>A comment was added, edited or deleted; values as <see cref="CommentText"/> has them.</summary>
    comment,
    /// <summary>A tag was added (the new value is its name) or taken away (the old value is).</summary>
    tag,
    /// <summary>A file was added (the new value is its name) or deleted with its comment (the old value is).</summary>
    attachment,
}

/// <summary>Questions about the enums above that more than one place asks.</summary>
public static class TicketEnums
{
    /// <summary>Whether a ticket in this status needs no more work.</summary>
    public static bool IsDone(this Status status) => status is Status.resolved or Status.closed;
}
