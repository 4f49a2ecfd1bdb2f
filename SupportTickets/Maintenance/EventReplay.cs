using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets;

namespace SupportTickets.Maintenance;

/// <summary>
/// Computes the figures of a desk from its events alone, with a second implementation of the rules, and checks each ticket against
/// its own history. Reads by key in batches, so that memory use does not depend on the number of tickets.
/// </summary>
internal sealed class EventReplay(TicketDb db)
{
    /// <summary>Tickets in a batch, with their events.</summary>
    private const int BatchSize = 2000;

    /// <summary>How many mismatches of a rule are listed by id; the others are only counted.</summary>
    private const int Named = 5;

    private readonly Dictionary<string, (int Count, List<int> Ids)> _mismatches = Rules.ToDictionary(r => r, _ => (0, new List<int>()));

    // In the order of printing.
    private static readonly string[] Rules =
    [
        "tickets without a first event at their creation",
        "tickets whose status is not their last status event",
        "tickets whose times of resolution are not their events'",
        "tickets whose resolution minutes are not between their times",
        "tickets whose reopenings are not their events'",
        "tickets with a field that is not its last event",
        "tickets with an event that does not follow from the one before", "tickets whose day is not that of their time",
        "tickets whose first reply is not their events'",
    ];

    /// <summary>The number of tickets.</summary>
    public int Total { get; private set; }

    /// <summary>Tickets by the status of their last event.</summary>
    public Dictionary<Status, int> ByStatus { get; } = Enum.GetValues<Status>().ToDictionary(s => s, _ => 0);

    /// <summary>Tickets by the UTC day of their first event.</summary>
    public Dictionary<DateOnly, int> Created { get; } = [];

    /// <summary>
    /// Tickets by the UTC day on which they became done for the last time, without those that were reopened since.
    /// </summary>
    public Dictionary<DateOnly, int> Resolved { get; } = [];

    /// <summary>The change of the backlog on each UTC day.</summary>
    public Dictionary<DateOnly, int> Backlog { get; } = [];

    /// <summary>Whole minutes from creation to the last resolution, of all tickets that are done.</summary>
    public long ResolutionMinutes { get; private set; }

    /// <summary>The result of each rule: how many tickets break it, and the ids of some of them.</summary>
    public IEnumerable<(string Rule, int Count, IReadOnlyList<int> Ids)> Mismatches =>
        _mismatches.Select(m => (m.Key, m.Value.Count, (IReadOnlyList<int>)m.Value.Ids));

    /// <summary>Reads everything.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        for (var (last, more) = (int.MinValue, true); more;)
        {
            var tickets = await db.Tickets.AsNoTracking().Where(t => t.Id > last).OrderBy(t => t.Id).Take(BatchSize)
                .Select(t => new State(
                    t.Id, t.CreatedAt, t.CreatedDate, t.Category, t.Priority, t.Status, t.Sentiment, t.UrgencyScore, t.AssigneeId,
                    t.FirstResolvedAt, t.ResolvedAt, t.ResolutionMinutes, t.ReopenCount, t.RequesterId, t.FirstReplyAt))
                .ToListAsync(cancel);
            more = tickets.Count == BatchSize;
            if (tickets.Count == 0)
                return;
            var (first, end) = (tickets[0].Id, tickets[^1].Id);
            last = end;
            // Does not load long texts.
            var events = db.TicketEvents.AsNoTracking().Where(e => e.TicketId >= first && e.TicketId <= end)
                .OrderBy(e => e.TicketId).ThenBy(e => e.Id)
                .Select(e => new Change(
                    e.TicketId, e.At, e.Field,
                    e.Field == TicketField.title || e.Field == TicketField.description ? null : e.OldValue,
                    e.Field == TicketField.title || e.Field == TicketField.description ? "" : e.NewValue,
                    e.CommentId));
            await ReplayAsync(tickets, events.AsAsyncEnumerable().GetAsyncEnumerator(cancel));
        }
    }

    private async Task ReplayAsync(List<State> tickets, IAsyncEnumerator<Change> events)
    {
        await using (events)
        {
            var left = await events.MoveNextAsync();
            foreach (var ticket in tickets)
            {
                var replayed = new ReplayedTicket(this);
                for (; left && events.Current.TicketId == ticket.Id; left = await events.MoveNextAsync())
                    replayed.Next(events.Current);
                Compare(ticket, replayed);
            }
        }
    }

    private void Compare(State ticket, ReplayedTicket replayed)
    {
        Total++;
        if (replayed.Status is { } status) ByStatus[status]++;
        if (replayed.CreatedAt is { } created) Add(Created, DateOnly.FromDateTime(created), 1);
        if (replayed.ResolvedAt is { } done) Add(Resolved, DateOnly.FromDateTime(done), 1);
        var minutes = replayed is { CreatedAt: { } from, ResolvedAt: { } to } ? (int?)(Seconds(to) - Seconds(from)) / 60 : null;
        ResolutionMinutes += minutes ?? 0;

        bool[] holds =
        [
            replayed.CreatedAt == ticket.CreatedAt,
            replayed.Status == ticket.Status,
            replayed.ResolvedAt == ticket.ResolvedAt && replayed.FirstResolvedAt == ticket.FirstResolvedAt,
            minutes == ticket.ResolutionMinutes,
            replayed.Reopened == ticket.ReopenCount,
            replayed.Agrees(TicketField.category, ticket.Category) && replayed.Agrees(TicketField.priority, ticket.Priority)
                && replayed.Agrees(TicketField.sentiment, ticket.Sentiment)
                && replayed.Agrees(TicketField.urgency_score, ticket.UrgencyScore.ToString(CultureInfo.InvariantCulture))
                && replayed.AssigneeId == ticket.AssigneeId && replayed.RequesterId == ticket.RequesterId,
            replayed.Follows,
            DateOnly.FromDateTime(ticket.CreatedAt) == ticket.CreatedDate,
            replayed.FirstReplyAt == ticket.FirstReplyAt,
        ];
        for (var rule = 0; rule < holds.Length; rule++)
        {
            if (holds[rule]) continue;
            var (count, ids) = _mismatches[Rules[rule]];
            if (ids.Count < Named) ids.Add(ticket.Id);
            _mismatches[Rules[rule]] = (count + 1, ids);
        }
    }

    private static long Seconds(DateTime time) => time.Ticks / TimeSpan.TicksPerSecond;

    private static void Add(Dictionary<DateOnly, int> days, DateOnly day, int count)
    {
        days.TryGetValue(day, out var before);
        days[day] = before + count;
    }

    private sealed record State(
        int Id, DateTime CreatedAt, DateOnly CreatedDate, Category Category, Priority Priority, Status Status, Sentiment Sentiment,
        int UrgencyScore, int? AssigneeId,
        DateTime? FirstResolvedAt, DateTime? ResolvedAt, int? ResolutionMinutes, int ReopenCount, int? RequesterId,
        DateTime? FirstReplyAt);

    private sealed record Change(int TicketId, DateTime At, TicketField Field, string? OldValue, string NewValue, int? CommentId);

    /// <summary>One ticket, rebuilt from its events.</summary>
    private sealed class ReplayedTicket(EventReplay all)
    {
        private readonly Dictionary<TicketField, string> _values = [];
        private readonly SortedDictionary<int, DateTime> _replies = []; // that are still there; ids ascend in the order of writing

        public DateTime? CreatedAt { get; private set; }

        public Status? Status { get; private set; }

        public DateTime? FirstResolvedAt { get; private set; }

        public DateTime? ResolvedAt { get; private set; }

        public DateTime? FirstReplyAt => _replies.Count == 0 ? null : _replies.First().Value;

        public int Reopened { get; private set; }

        public int? RequesterId => Requester.IdIn(_values.GetValueOrDefault(TicketField.requester, ""));

        public int? AssigneeId => Assignment.IdIn(_values.GetValueOrDefault(TicketField.assignee, ""));

        public bool Follows { get; private set; } = true;

        public void Next(Change change)
        {
            // What is added to a ticket is no field of it.
            if (change.Field is TicketField.comment or TicketField.tag or TicketField.attachment)
            {
                if (change is { OldValue: null, NewValue: CommentText.Reply, CommentId: { } added }) _replies[added] = change.At;
                else if (change is { NewValue: "", CommentId: { } deleted }) _replies.Remove(deleted);
                Follows &= CreatedAt is not null;
                return;
            }
            if (CreatedAt is null)
                Follows &= change is { Field: TicketField.status, OldValue: null };
            else if (change.Field is not (TicketField.title or TicketField.description))
                Follows &= change.OldValue is not null && change.OldValue == _values.GetValueOrDefault(change.Field, change.OldValue);
            if (change.Field is TicketField.title or TicketField.description)
                return;
            _values[change.Field] = change.NewValue;
            if (change.Field == TicketField.status)
                MoveTo(change);
        }

        // A field without an event still has its first value, which no event records.
        public bool Agrees<T>(TicketField field, T value) => !_values.TryGetValue(field, out var last) || last == value!.ToString();

        private void MoveTo(Change change)
        {
            CreatedAt ??= change.At;
            var (wasDone, isDone) = (change.OldValue is "resolved" or "closed", change.NewValue is "resolved" or "closed");
            var wasPending = change.OldValue is not null && !wasDone;
            var day = DateOnly.FromDateTime(change.At);
            if (isDone && !wasDone)
            {
                ResolvedAt = change.At;
                FirstResolvedAt ??= change.At;
            }
            if (wasDone && !isDone)
            {
                ResolvedAt = null;
                Reopened++;
            }
            if (wasPending == isDone)
                Add(all.Backlog, day, isDone ? -1 : 1);
            Status = EnumNames.TryParse<Status>(change.NewValue, out var status) ? status : null;
        }
    }
}
