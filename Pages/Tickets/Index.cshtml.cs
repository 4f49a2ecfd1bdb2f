using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Pages.Shared;
using SupportTickets.Tickets;

namespace SupportTickets.Pages.Tickets;

/// <summary>The list of tickets.</summary>
[RequiresRight(Right.read)]
public sealed class IndexModel(TicketList list, TimeProvider clock) : PageModel
{
    /// <summary>What the address says.</summary>
    public ListQuery Query { get; private set; } = new();

    /// <summary>The page; null when the address cannot be meant.</summary>
    public TicketPage? Tickets { get; private set; }

    /// <summary>What is wrong with the address.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>The address named a place in the list that cannot be; the first page is shown.</summary>
    public bool LostPlace { get; private set; }

    /// <summary>The time of the request, UTC.</summary>
    public DateTime Now { get; } = clock.Now();

    /// <summary>Shows it.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        Query = ListQuery.Read(Request.Query, Errors);
        if (!Query.ToFilter().Succeeded(out var filter, out var problem) && problem is InvalidInput invalid)
            Errors.AddRange(invalid.Errors.Select(Words.Of));
        if (Errors.Count > 0 || filter is null)
            return new PageResult { StatusCode = StatusCodes.Status400BadRequest };

        var (after, before) = (Request.Query["after"].LastOrDefault(), Request.Query["before"].LastOrDefault());
        var cursor = TicketCursor.Parse(after, forward: true) ?? TicketCursor.Parse(before, forward: false);
        LostPlace = cursor is null && (!string.IsNullOrEmpty(after) || !string.IsNullOrEmpty(before));
        Tickets = await list.HandleAsync(filter, Query.Order, cursor, cancel);
        return Page();
    }

    /// <summary>The address that sorts by a column: first the way people mean it, then the other way round.</summary>
    public string SortUrl(TicketSort sort)
    {
        var largestFirst = sort is TicketSort.created or TicketSort.urgency or TicketSort.priority;
        return (Query with { Order = new(sort, Query.Order.Sort == sort ? !Query.Order.Descending : largestFirst) }).Url;
    }
}
