using SupportTickets.Core;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Tickets.Writing;

/// <summary>A selected ticket that was not changed.</summary>
/// <param name="Id">See <see cref="Ticket.Id"/>.</param>
/// <param name="Problem"><see cref="StaleTicket"/> or <see cref="TicketNotFound"/>.</param>
public sealed record RefusedTicket(int Id, Problem Problem);

/// <summary>The result of a change of several tickets; each ticket counts once.</summary>
/// <param name="Changed">The tickets that were changed.</param>
/// <param name="Already">Those that already were as wanted.</param>
/// <param name="Refused">The tickets that were not changed, and why, in the order of the selection.</param>
public sealed record TicketsChanged(IReadOnlyList<int> Changed, IReadOnlyList<int> Already, IReadOnlyList<RefusedTicket> Refused)
{
    /// <summary>What was written to the history; null when nothing was.</summary>
    public EventSpan? Written { get; init; }
}

/// <summary>
/// Makes one change of category, priority, status or assignee to several tickets. Each follows the rules of <see
/// cref="UpdateTicket"/> and has a transaction of its own, so that a ticket that somebody else has changed does not hold up the
/// others.
/// </summary>
public sealed class ChangeTickets(UpdateTicket update, Assignees assignees)
{
    /// <summary>The most tickets at once: some seconds of work, and half a minute on a machine that is busy otherwise.</summary>
    public const int MaxTickets = 1000;

    /// <summary>Changes the supplied fields.</summary>
    /// <param name="tickets">1 to <see cref="MaxTickets"/>. A ticket that occurs twice counts once, with its first version.</param>
    /// <param name="input">As received; missing fields stay as they are. Title and description are not read: no two tickets share
    /// them, and nothing is scored.</param>
    /// <param name="origin">Who makes the change, and through which channel.</param>
    /// <param name="cancel">The caller went away; what is changed by then stays changed.</param>
    /// <returns>The result, or <see cref="InvalidInput"/> about the fields, including "tickets"; then nothing was written.</returns>
    public async Task<Result<TicketsChanged>> HandleAsync(
        IReadOnlyList<SeenTicket> tickets, TicketInput input, Origin origin, CancellationToken cancel)
    {
        var shared = new TicketInput
        {
            Category = input.Category,
            Priority = input.Priority,
            Status = input.Status,
            Assignee = input.Assignee,
        };
        if (!Check(tickets, shared).Succeeded(out var change, out var problem))
            return problem;
        // Checked once for all tickets, because the assignee is the same for each.
        if (change.Assignee is { } wanted)
        {
            if (!(await assignees.CheckAsync(wanted, former: null, cancel)).Succeeded(out var assignment, out problem))
                return problem;
            change = change with { Assignee = assignment };
        }

        var (changed, already, refused) = (new List<int>(), new List<int>(), new List<RefusedTicket>());
        EventSpan? written = null;
        foreach (var (id, version) in tickets.DistinctBy(t => t.Id))
        {
            var result = await update.HandleAsync(id, change, version, origin, cancel);
            if (result.Problem is null && result.Value.Version != version)
            {
                changed.Add(id);
                written = EventSpan.Join(written, EventSpan.Of([.. result.Value.Events]));
            }
            else if (result.Problem is null || (result.Problem is StaleTicket stale && Is(stale.Current, change))) already.Add(id);
            else refused.Add(new(id, result.Problem));
        }
        return new TicketsChanged(changed, already, refused) { Written = written };
    }

    private static Result<TicketChange> Check(IReadOnlyList<SeenTicket> tickets, TicketInput input)
    {
        var errors = new List<FieldError>();
        if (tickets.Count == 0)
            errors.Add(new("tickets", FieldErrorCode.Required, "This field is required."));
        if (tickets.Count > MaxTickets)
            errors.Add(new("tickets", FieldErrorCode.TooLong, $"Ensure this field has no more than {MaxTickets} elements."));
        if (TicketValidator.Change(input).Succeeded(out var change, out var problem))
        {
            if (change == TicketChange.None) errors.Add(new("status", FieldErrorCode.Required, "This field is required."));
        }
        else if (problem is InvalidInput invalid)
            errors.AddRange(invalid.Errors);
        return errors.Count > 0 ? new InvalidInput(errors) : change!;
    }

    private static bool Is(Ticket ticket, TicketChange change) =>
        (change.Category ?? ticket.Category) == ticket.Category
        && (change.Priority ?? ticket.Priority) == ticket.Priority
        && (change.Status ?? ticket.Status) == ticket.Status
        && (change.Assignee is null || change.Assignee.PersonId == ticket.AssigneeId);
}
