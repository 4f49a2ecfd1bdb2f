using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Tags;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tickets.Changes;

/// <summary>The history does not have this change as the caller's own; nothing was written.</summary>
public sealed record ChangeNotFound : Problem;

/// <summary>
/// Undoes a change of several tickets: gives each the values back that its events name. Each ticket has a transaction of its own, and
/// one that somebody has changed since is refused.
/// </summary>
public sealed class UndoChanges(TicketDb db, UpdateTicket update, TagTickets tags)
{
    // Between the first event and the last are also those that others wrote meanwhile; more than this nobody did.
    private const int MaxSpan = 100_000;

    private static readonly TicketField[] Undoable =
        [TicketField.category, TicketField.priority, TicketField.status, TicketField.assignee, TicketField.tag];

    // What is scored anew in the background is nobody's change.
    private static readonly TicketField[] Edited =
        [
            TicketField.title, TicketField.description, TicketField.category, TicketField.priority, TicketField.status,
            TicketField.assignee, TicketField.requester, TicketField.tag,
        ];

    /// <summary>Undoes it.</summary>
    /// <param name="span">The events of the change.</param>
    /// <param name="origin">Who undoes it, who is also who made it, through the same channel.</param>
    /// <param name="cancel">The caller went away; what is undone by then stays undone.</param>
    /// <returns>The result, or <see cref="ChangeNotFound"/>.</returns>
    public async Task<Result<TicketsChanged>> HandleAsync(EventSpan span, Origin origin, CancellationToken cancel)
    {
        if (span.Last - span.First >= MaxSpan || span.Count is < 1 or > MaxSpan)
            return new ChangeNotFound();
        var events = await db.TicketEvents.AsNoTracking()
            .Where(e => e.Id >= span.First && e.Id <= span.Last && e.Actor == origin.Actor && e.Channel == origin.Channel)
            // Not those of a new ticket, which had no value before.
            .Where(e => Undoable.Contains(e.Field) && (e.OldValue != null || e.Field == TicketField.tag))
            .OrderBy(e => e.Id).Take(span.Count + 1).ToListAsync(cancel);
        List<int> ids = [.. events.Select(e => e.TicketId).Distinct()];
        // Fewer: tickets were deleted since, with their events. More: somebody with the same name wrote between them, and which is
        // whose cannot be told.
        if (events.Count == 0 || events.Count > span.Count || ids.Count > ChangeTickets.MaxTickets)
            return new ChangeNotFound();

        // The versions first: a change after them is found below, or makes the ticket stale.
        var versions = await db.Tickets.Where(t => ids.Contains(t.Id)).Select(t => new { t.Id, t.Version })
            .ToDictionaryAsync(t => t.Id, t => t.Version, cancel);
        var own = events.Select(e => e.Id).ToHashSet();
        var since = (await db.TicketEvents.Where(e => ids.Contains(e.TicketId) && e.Id > span.First && Edited.Contains(e.Field))
            .Select(e => new { e.Id, e.TicketId, e.Field, e.OldValue, e.NewValue }).ToListAsync(cancel))
            .Where(e => !own.Contains(e.Id)).ToLookup(e => e.TicketId);

        var (changed, already, refused) = (new List<int>(), new List<int>(), new List<RefusedTicket>());
        foreach (var of in events.GroupBy(e => e.TicketId))
        {
            var tagged = of.Where(e => e.Field == TicketField.tag).SelectMany(Names).ToHashSet();
            // A tag that others put beside these is theirs and stays.
            var isEdited = since[of.Key].Any(e => e.Id > of.First().Id
                && (e.Field != TicketField.tag || tagged.Contains(e.NewValue) || (e.OldValue is { } old && tagged.Contains(old))));
            // No ticket has version 0, so it is refused with what it is now.
            var version = isEdited ? 0 : versions.GetValueOrDefault(of.Key);
            var result = await UndoAsync([.. of], version, origin, cancel);
            if (result.Problem is { } problem) refused.Add(new(of.Key, problem));
            else if (result.Value) changed.Add(of.Key);
            else already.Add(of.Key);
        }
        return new TicketsChanged(changed, already, refused);
    }

    // An event of a tag has its name as the new value when it was added, and as the old one when it was taken away.
    private static IEnumerable<string> Names(TicketEvent tag) =>
        new[] { tag.OldValue, tag.NewValue }.OfType<string>().Where(name => name.Length > 0);

    // Whether the ticket changed.
    private async Task<Result<bool>> UndoAsync(IReadOnlyList<TicketEvent> events, int version, Origin origin, CancellationToken cancel)
    {
        var id = events[0].TicketId;
        var fields = await update.HandleAsync(id, Before(events), version, origin, cancel);
        if (!fields.Succeeded(out var ticket, out var problem))
            return problem;
        var isChanged = ticket.Events.Count > 0;
        var tagged = events.Where(e => e.Field == TicketField.tag).ToList();
        if (tagged.Count == 0)
            return isChanged;
        var result = await tags.HandleAsync(
            id, [.. tagged.Select(e => e.OldValue).OfType<string>()], [.. tagged.Select(e => e.NewValue).Where(name => name.Length > 0)],
            origin, cancel);
        return result.Succeeded(out ticket, out problem) ? isChanged || ticket.Events.Count > 0 : problem;
    }

    // The values before the events. Of several events of one field, the first has the value before all of them.
    private static TicketInput Before(IReadOnlyList<TicketEvent> events)
    {
        return new()
        {
            Category = Old(TicketField.category),
            Priority = Old(TicketField.priority),
            Status = Old(TicketField.status),
            Assignee = Old(TicketField.assignee) is { Text: { } text } ? Supplied.Of($"{Assignment.IdIn(text)}") : Supplied.Missing,
        };

        Supplied Old(TicketField field) => Supplied.OfForm(events.FirstOrDefault(e => e.Field == field)?.OldValue);
    }
}
