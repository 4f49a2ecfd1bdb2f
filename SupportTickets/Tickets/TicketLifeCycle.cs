
namespace SupportTickets.Tickets;

/// <summary>Applies changes to a ticket and records their events. The only place that assigns a ticket's fields.</summary>
public static class TicketLifeCycle
{
    /// <summary>Makes a new ticket with its first event; not saved yet.</summary>
    public static Ticket Create(NewTicket draft, Score score, DateTime now, Origin origin)
    {
        var ticket = new Ticket
        {
            Title = draft.Title,
            Description = draft.Description,
            Category = draft.Category,
            Priority = draft.Priority,
            Status = draft.Status,
            Sentiment = score.Sentiment,
            UrgencyScore = score.UrgencyScore,
            Channel = origin.Channel ?? Channel.web,
            CreatedAt = now,
            UpdatedAt = now,
        };
        if (draft.Status.IsDone())
            ticket.ResolvedAt = ticket.FirstResolvedAt = now;
        Record(ticket, TicketField.status, null, draft.Status.ToString(), now, origin);
        Assign(ticket, draft.Assignee, now, origin);
        if (draft.Requester is { } requester) AskFor(ticket, requester, now, origin);
        return ticket;
    }

    /// <summary>Applies the supplied fields and adds an event for each field that really changed.</summary>
    /// <returns>Whether anything changed; if so, the version and <see cref="Ticket.UpdatedAt"/> are new.</returns>
    public static bool Apply(this Ticket ticket, TicketChange change, Score? score, DateTime now, Origin origin)
    {
        var before = ticket.Events.Count;
        Set(TicketField.title, ticket.Title, change.Title, value => ticket.Title = value);
        Set(TicketField.description, ticket.Description, change.Description, value => ticket.Description = value);
        SetEnum(TicketField.category, ticket.Category, change.Category, value => ticket.Category = value);
        SetEnum(TicketField.priority, ticket.Priority, change.Priority, value => ticket.Priority = value);
        SetEnum(TicketField.status, ticket.Status, change.Status, value => MoveTo(ticket, value, now));
        if (change.Assignee is { } assignment) Assign(ticket, assignment, now, origin);
        if (change.Requester is { } requester) AskFor(ticket, requester, now, origin);
        if (score is not null)
        {
            var scorer = origin with { Actor = Origin.Triage.Actor };
            SetEnum(TicketField.sentiment, ticket.Sentiment, score.Sentiment, value => ticket.Sentiment = value, scorer);
            if (ticket.UrgencyScore != score.UrgencyScore)
            {
                Record(ticket, TicketField.urgency_score, ticket.UrgencyScore.ToString(), score.UrgencyScore.ToString(), now, scorer);
                ticket.UrgencyScore = score.UrgencyScore;
            }
        }
        if (ticket.Events.Count == before)
            return false;
        ticket.Version++;
        ticket.UpdatedAt = now;
        return true;

        void Set(TicketField field, string old, string? value, Action<string> assign)
        {
            if (value is null || value == old) return;
            Record(ticket, field, old, value, now, origin);
            assign(value);
        }

        void SetEnum<TEnum>(TicketField field, TEnum old, TEnum? value, Action<TEnum> assign, Origin? by = null) where TEnum : struct, Enum
        {
            if (value is not { } next || next.Equals(old)) return;
            Record(ticket, field, old.ToString(), next.ToString(), now, by ?? origin);
            assign(next);
        }
    }

    /// <summary>
    /// Records that a comment was added, edited or deleted. The first reply sets <see cref="Ticket.FirstReplyAt"/>. The version of the
    /// ticket stays, so that nobody's edit of its fields becomes stale.
    /// </summary>
    /// <param name="ticket">The ticket, locked.</param>
    /// <param name="comment">The comment, with its id.</param>
    /// <param name="old">The word before; null when it was added.</param>
    /// <param name="value">The word after; empty when it was deleted.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="origin">Who did it, and through which channel.</param>
    internal static void Commented(this Ticket ticket, Comment comment, string? old, string value, DateTime now, Origin origin)
    {
        Record(ticket, TicketField.comment, old, value, now, origin, comment.IsInternal, comment.Id);
        if (old is null && value == CommentText.Reply) ticket.FirstReplyAt ??= now;
    }

    /// <summary>Records that a tag was added or taken away.</summary>
    internal static void Tagged(this Ticket ticket, string? removed, string? added, DateTime now, Origin origin) =>
        Record(ticket, TicketField.tag, removed, added ?? "", now, origin);

    /// <summary>
    /// Sets the first reply after one was deleted. Other than the first reply itself this is a new version: nothing else would tell a
    /// reader with the old ETag.
    /// </summary>
    internal static void SetFirstReply(this Ticket ticket, DateTime? at, DateTime now)
    {
        if (ticket.FirstReplyAt == at) return;
        ticket.FirstReplyAt = at;
        ticket.Version++;
        ticket.UpdatedAt = now;
    }

    /// <summary>Records that a file was added.</summary>
    internal static void Attached(this Ticket ticket, Attachment file, DateTime now, Origin origin) =>
        Record(ticket, TicketField.attachment, null, file.Name, now, origin, file.IsInternal);

    /// <summary>Records that a file was deleted with its comment.</summary>
    internal static void Detached(this Ticket ticket, Attachment file, DateTime now, Origin origin) =>
        Record(ticket, TicketField.attachment, file.Name, "", now, origin, file.IsInternal);

    private static void Assign(Ticket ticket, Assignment to, DateTime now, Origin origin)
    {
        if (to.PersonId == ticket.AssigneeId) return;
        var (old, value) = (Assignment.Text(ticket.AssigneeId, to.FormerName), Assignment.Text(to.PersonId, to.Name));
        Record(ticket, TicketField.assignee, old, value, now, origin);
        ticket.AssigneeId = to.PersonId;
    }

    private static void AskFor(Ticket ticket, RequesterChoice requester, DateTime now, Origin origin)
    {
        if (requester.Id == ticket.RequesterId) return;
        Record(ticket, TicketField.requester, Requester.Text(ticket.RequesterId), Requester.Text(requester.Id), now, origin);
        ticket.RequesterId = requester.Id;
    }

    private static void MoveTo(Ticket ticket, Status status, DateTime now)
    {
        if (status.IsDone() && !ticket.Status.IsDone())
        {
            ticket.ResolvedAt = now;
            ticket.FirstResolvedAt ??= now;
        }
        else if (!status.IsDone() && ticket.Status.IsDone())
        {
            ticket.ResolvedAt = null;
            ticket.ReopenCount++;
        }
        ticket.Status = status;
    }

    private static void Record(
        Ticket ticket, TicketField field, string? old, string value, DateTime now, Origin origin, bool isInternal = false,
        int? commentId = null) =>
        ticket.Events.Add(new TicketEvent
        {
            At = now,
            Actor = origin.Actor,
            Channel = origin.Channel,
            Field = field,
            OldValue = old,
            NewValue = value,
            IsInternal = isInternal,
            CommentId = commentId,
        });
}
