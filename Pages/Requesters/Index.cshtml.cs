using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Pages.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Search;

namespace SupportTickets.Pages.Requesters;

/// <summary>Those who ask for help.</summary>
[RequiresRight(Right.read)]
public sealed class IndexModel(RequesterReads requesters) : PageModel
{
    /// <summary>The search as typed.</summary>
    public string Search { get; private set; } = "";

    /// <summary>The requester after whom the page starts; null for the first page.</summary>
    [BindProperty(SupportsGet = true)]
    public int? After { get; set; }

    /// <summary>A page of them.</summary>
    public RequesterPage Requesters { get; private set; } = new([], null);

    /// <summary>The errors in the search.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>Whether something was typed that has no term, so that everybody is shown.</summary>
    public bool FindsEverybody { get; private set; }

    /// <summary>What was just done; null when nothing was.</summary>
    public Notice? Notice { get; private set; }

    /// <summary>Shows a page.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        Notice = Notice.Take(TempData);
        Search = Request.Query["search"] is [.., { } last] ? last.Trim() : "";
        if (!SearchTerms.Parse(Search).Succeeded(out var terms, out var problem))
        {
            Errors = ((InvalidInput)problem).Errors;
            return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
        }
        FindsEverybody = Search.Length > 0 && terms.IsEmpty;
        Requesters = await requesters.ListAsync(terms, After, cancel);
        return Page();
    }

    /// <summary>The address of a page of this search.</summary>
    /// <param name="after">The requester after whom it starts; null for the first page.</param>
    public string UrlOf(int? after)
    {
        var query = new QueryBuilder();
        if (Search.Length > 0) query.Add("search", Search);
        if (after is { } edge) query.Add("after", edge.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return $"/requesters{query}";
    }
}
