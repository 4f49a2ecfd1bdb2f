using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Pages.Tickets;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Requesters;

namespace SupportTickets.Pages.Requesters;

/// <summary>The question before all that is known of a requester is deleted.</summary>
[RequiresRight(Right.administer)]
public sealed class DeleteModel(RequesterReads requesters, ForgetRequester forget) : PageModel
{
    /// <summary>The requester.</summary>
    public Requester Requester { get; private set; } = null!;

    /// <summary>What would be deleted.</summary>
    public KnownOfRequester Known { get; private set; } = null!;

    /// <summary>Whether nothing was deleted, because somebody changed the requester since the question was asked.</summary>
    public bool IsStale { get; private set; }

    /// <summary>Asks.</summary>
    public async Task<IActionResult> OnGetAsync(int id, CancellationToken cancel) => await ReadAsync(id, cancel) ? Page() : NotFound();

    /// <summary>Deletes.</summary>
    public async Task<IActionResult> OnPostAsync(int id, int version, CancellationToken cancel)
    {
        var result = await forget.HandleAsync(id, version, HttpContext.Caller(), cancel);
        if (result.Succeeded(out var known, out var problem))
        {
            Notice.Done($"Requester {Requester.Text(id)} was deleted with {RequesterWords.Of(known)}.").Leave(TempData);
            return Redirect("/requesters");
        }
        IsStale = problem is not RequesterNotFound;
        return IsStale && await ReadAsync(id, cancel) ? new PageResult { StatusCode = StatusCodes.Status409Conflict } : NotFound();
    }

    private async Task<bool> ReadAsync(int id, CancellationToken cancel)
    {
        if (await requesters.FindAsync(id, cancel) is not { } requester)
            return false;
        (Requester, Known) = (requester, await forget.CountAsync(id, cancel));
        return true;
    }
}
