using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Changes;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Tags;
using SupportTickets.Tickets.Writing;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>The list of tickets, and the change of the checked ones.</summary>
[RequiresRight(Right.read, ToPost = Right.write)]
public sealed class IndexModel(
    TicketReads reads, TicketList list, ChangeTickets change, TagManyTickets tag, UndoChanges undo, RequesterReads requesters,
    Assignees assignees, SavedViews views, TimeProvider clock) : PageModel
{
    private const string CountName = "count", CountAll = "all";

    private TicketCursor? _cursor;

    /// <summary>The list that the address describes.</summary>
    public ListQuery Query { get; private set; } = new();

    /// <summary>The page; null when the address is invalid.</summary>
    public TicketPage? Tickets { get; private set; }

    /// <summary>The people to filter by and to assign tickets to.</summary>
    public AgentOptions Agents { get; private set; } = AgentOptions.None;

    /// <summary>The views that the reader sees.</summary>
    public IReadOnlyList<ViewRow> Views { get; private set; } = [];

    /// <summary>The lists that the desk offers to the reader.</summary>
    public IReadOnlyList<ReadyList> Ready { get; private set; } = [];

    /// <summary>Whether the reader may save this list as a view and has not yet.</summary>
    public bool MaySaveView => HttpContext.Caller().IsSignedIn && Errors.Count == 0
        && Query.Url != new ListQuery().Url
        && Ready.All(list => list.Query.Url != Query.Url) && Views.All(view => view.Query.Url != Query.Url);

    /// <summary>A sentence about the list, for people who do not see it change.</summary>
    public string Summary
    {
        get
        {
            if (Tickets is not { Count: var count, LookedThrough: var newest })
                return "This list cannot be shown.";
            var text = count switch
            {
                (0, _) => "No ticket matches.",
                (1, false) => "1 ticket.",
                (_, true) => $"More than {Words.Number(count.Number)} tickets.",
                _ => $"{Words.Number(count.Number)} tickets.",
            };
            return newest is null ? text : $"{text} {LookedThrough}";
        }
    }

    /// <summary>Where the search looked only at the newest tickets: a sentence that says so. Else null.</summary>
    public string? LookedThrough => Tickets?.LookedThrough is not { } newest ? null
        : $"Words of one or two letters are looked for only in the newest {Words.Number(newest)} tickets"
            + (Query.Filters.Count() > 1 ? " that pass the other filters." : ".");

    /// <summary>Whether all tickets were to be counted, and the database took too long for it.</summary>
    public bool IsUncounted { get; private set; }

    /// <summary>The address of this page of the list with all its tickets counted.</summary>
    public string CountUrl => QueryHelpers.AddQueryString(Here, CountName, CountAll);

    /// <summary>The errors in the address.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Whether the address leads to a place that the list does not have; then the first page is shown.</summary>
    public bool LostPlace { get; private set; }

    /// <summary>The checked tickets, when the change was refused; else none.</summary>
    public Selection Selection { get; private set; } = Selection.None;

    /// <summary>The errors in the change.</summary>
    public IReadOnlyList<FieldError> SelectionErrors { get; private set; } = [];

    /// <summary>The result of the change just made; null when there was none.</summary>
    public Outcome? Outcome { get; private set; }

    /// <summary>Whether a change was to be undone that cannot be any more.</summary>
    public bool IsNotUndone { get; private set; }

    /// <summary>The address that undoes a change and leads back to this page of the list.</summary>
    public string UndoUrl => QueryHelpers.AddQueryString(Here, "handler", "Undo");

    /// <summary>The ticket whose number is searched for, as 123 or #123; null when there is none.</summary>
    public Ticket? Named { get; private set; }

    /// <summary>The time of the request, UTC.</summary>
    public DateTime Now { get; } = clock.Now();

    /// <summary>The address of this page of the list.</summary>
    public string Here => Query.UrlOf(_cursor);

    /// <summary>Whether it is known how many tickets of the whole list can be selected.</summary>
    public bool KnowsSelectable => !Tickets!.Count.IsMore || Tickets.Count.Number >= ChangeTickets.MaxTickets;

    /// <summary>How many these are, or else could be.</summary>
    public int Selectable => KnowsSelectable ? Math.Min(Tickets!.Count.Number, ChangeTickets.MaxTickets) : ChangeTickets.MaxTickets;

    /// <summary>The words for them on the button.</summary>
    public string SelectableLabel => (KnowsSelectable, Tickets!.Count.IsMore || Tickets.Count.Number > Selectable) switch
    {
        (false, _) => "up to",
        (_, true) => "the first",
        _ => "all",
    };

    /// <summary>The address of one of the <see cref="ListRoutes"/> for this list.</summary>
    public string AskUrl(string route) =>
        QueryHelpers.AddQueryString(route + Query.Url[ListQuery.Path.Length..], "newest", $"{Tickets!.Newest}");

    /// <summary>Shows it.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        Outcome = Outcome.Take(TempData);
        return await ShowAsync(cancel) ? Page() : new PageResult { StatusCode = StatusCodes.Status400BadRequest };
    }

    /// <summary>Whether the reader may change tickets.</summary>
    public bool MayWrite => HttpContext.Caller().May(Right.write);

    /// <summary>Changes the tickets that are checked, then shows the same page of the list.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        Selection = Selection.Read(Request.Form);
        if (!(await ChangeAsync(cancel)).Succeeded(out var outcome, out var problem))
        {
            SelectionErrors = ((InvalidInput)problem).Errors;
            await ShowAsync(cancel);
            return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
        }
        outcome.Leave(TempData);
        ReadAddress();
        return Redirect(Here);
    }

    /// <summary>Undoes a change of several tickets that the reader just made.</summary>
    public async Task<IActionResult> OnPostUndoAsync(string? written, CancellationToken cancel)
    {
        if (EventSpan.Parse(written) is not { } span
            || !(await undo.HandleAsync(span, HttpContext.Caller().Origin(Channel.web), cancel)).Succeeded(out var undone, out _))
        {
            IsNotUndone = true;
            await ShowAsync(cancel);
            return new PageResult { StatusCode = StatusCodes.Status409Conflict };
        }
        Outcome.OfUndo(undone).Leave(TempData);
        ReadAddress();
        return Redirect(Here);
    }

    // Fields and tags of the selected tickets. All is checked before anything is written.
    private async Task<Result<Outcome>> ChangeAsync(CancellationToken cancel)
    {
        var origin = HttpContext.Caller().Origin(Channel.web);
        var (add, remove) = (Selection.Names(Selection.AddTags), Selection.Names(Selection.RemoveTags));
        List<int> ids = [.. Selection.Tickets.Select(ticket => ticket.Id)];
        if (Selection.ChangesTags && TagManyTickets.Check(ids, add, remove) is { Count: > 0 } errors)
            return new InvalidInput(errors);
        TicketsChanged? fields = null;
        if (Selection.ChangesFields || !Selection.ChangesTags)
        {
            var result = await change.HandleAsync(Selection.Tickets, Selection.Form.ToInput(), origin, cancel);
            if (!result.Succeeded(out fields, out var problem))
                return problem;
            ids.RemoveAll(id => fields.Refused.Any(refused => refused.Id == id));
        }
        if (!Selection.ChangesTags || ids.Count == 0)
            return Outcome.Of(Selection, fields, tags: null);
        return (await tag.HandleAsync(ids, add, remove, origin, cancel)).Succeeded(out var tags, out var wrong)
            ? Outcome.Of(Selection, fields, tags)
            : wrong;
    }

    // Whether the list can be shown.
    private async Task<bool> ShowAsync(CancellationToken cancel)
    {
        ReadAddress();
        Views = await views.ListAsync(HttpContext.Caller(), cancel);
        var me = AgentOptions.MeOf(HttpContext.Caller());
        Agents = new(await assignees.OfferedAsync([Query.AssigneeId, me], cancel), me);
        Ready = await ReadyAsync(cancel);
        Query = Query with { AssigneeName = Agents.NameOf(Query.Assignee) };
        if (Query.Requester is { } asked)
            Query = Query with { RequesterName = (await requesters.FindAsync(asked, cancel))?.Name };
        if (Query.Filter(HttpContext.Caller(), Errors) is not { } filter)
        {
            // The list that can be shown.
            if (Agents.Me is null && Query.Assignee == AgentOptions.MeValue) Query = Query with { Assignee = "" };
            return false;
        }
        if (Query.TicketNumber is { } number) Named = await reads.FindAsync(number, cancel);
        Tickets = await list.HandleAsync(filter, Query.Order, _cursor, cancel);
        if (Tickets.LostPlace) (LostPlace, _cursor) = (true, null);
        if (Tickets.Count.IsMore && Request.Query[CountName] == CountAll)
        {
            var all = await list.CountAllAsync(filter, cancel);
            if (all is { } counted) Tickets = Tickets with { Count = TicketCount.Exactly(counted) };
            IsUncounted = all is null;
        }
        return true;
    }

    private async Task<IReadOnlyList<ReadyList>> ReadyAsync(CancellationToken cancel)
    {
        var ready = new List<ReadyList>();
        foreach (var offered in ReadyList.For(Agents))
        {
            if (offered.Query.Filter(HttpContext.Caller(), []) is { } filter)
                ready.Add(offered with { Count = await list.CountAsync(filter, cancel) });
        }
        return ready;
    }

    private void ReadAddress()
    {
        Query = ListQuery.Read(Request.Query, Errors);
        var (after, before) = (Request.Query["after"].LastOrDefault(), Request.Query["before"].LastOrDefault());
        _cursor = TicketCursor.Parse(after, forward: true) ?? TicketCursor.Parse(before, forward: false);
        LostPlace = _cursor is null && (!string.IsNullOrEmpty(after) || !string.IsNullOrEmpty(before));
    }

    /// <summary>The address that sorts by a column: first in the usual direction, then in the other.</summary>
    public string SortUrl(TicketSort sort)
    {
        var largestFirst = sort is TicketSort.created or TicketSort.urgency or TicketSort.priority;
        return (Query with { Order = new(sort, Query.Order.Sort == sort ? !Query.Order.Descending : largestFirst) }).Url;
    }
}
