using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Export;
using SupportTickets.Pages.Tickets;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Requesters;

namespace SupportTickets.Pages.Requesters;

/// <summary>Somebody who asks for help, with their tickets. Only administrators take all data out of the desk.</summary>
[RequiresRight(Right.read, ToPost = Right.write)]
public sealed class RequesterModel(RequesterReads requesters, SaveRequester save, RequesterExport export) : PageModel
{
    /// <summary>The requester as stored.</summary>
    public Requester Requester { get; private set; } = null!;

    /// <summary>The fields as typed.</summary>
    public RequesterForm Form { get; private set; } = null!;

    /// <summary>The fields that somebody else changed too; empty where there is no conflict.</summary>
    public IReadOnlyList<string> Conflicts { get; private set; } = [];

    /// <summary>A page of their tickets.</summary>
    public RequesterTicketPage Tickets { get; private set; } = new([], null);

    /// <summary>Whether it is not the first page of their tickets.</summary>
    public bool IsLater { get; private set; }

    /// <summary>The errors in the form.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>What was just done; null when nothing was.</summary>
    public Notice? Notice { get; private set; }

    /// <summary>Whether the reader may change them.</summary>
    public bool MayWrite => Caller.May(Right.write);

    /// <summary>Whether the reader may merge, export and delete.</summary>
    public bool MayAdminister => Caller.May(Right.administer);

    private Caller Caller => HttpContext.Caller();

    /// <summary>Shows them.</summary>
    public async Task<IActionResult> OnGetAsync(int id, CancellationToken cancel)
    {
        Notice = Notice.Take(TempData);
        return await ShowAsync(id, cancel) ? Page() : NotFound();
    }

    /// <summary>Saves the fields that were changed. Only those that somebody else changed too are asked about.</summary>
    public async Task<IActionResult> OnPostAsync(int id, int version, CancellationToken cancel)
    {
        var (form, before) = (RequesterForm.Read(Request.Form), RequesterForm.ReadBase(Request.Form));
        var result = await save.ChangeAsync(id, form.ChangesFrom(before), version, cancel);
        if (result.Problem is StaleRequester { Current: var current })
        {
            Conflicts = form.ConflictsWith(RequesterForm.Of(current), before);
            if (Conflicts.Count == 0)
                result = await save.ChangeAsync(id, form.ChangesFrom(before), current.Version, cancel);
        }
        if (result.Problem is not { } problem)
        {
            Notice.Done("Saved.").Leave(TempData);
            return Redirect(Here(id));
        }
        Errors = problem is InvalidInput invalid ? invalid.Errors : [];
        if (problem is RequesterNotFound || !await ShowAsync(id, cancel))
            return NotFound();
        Form = form.Over(Form, before);
        return new PageResult { StatusCode = Errors.Count > 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status409Conflict };
    }

    /// <summary>Gives all that is known of them as a file.</summary>
    public async Task<IActionResult> OnPostExportAsync(int id, CancellationToken cancel)
    {
        if (!MayAdminister)
            return StatusCode(StatusCodes.Status403Forbidden);
        return await export.WriteAsync(Response, id, Caller, cancel) ? new EmptyResult() : NotFound();
    }

    /// <summary>The address of this page.</summary>
    public static string Here(int id) => string.Create(CultureInfo.InvariantCulture, $"/requesters/{id}");

    private async Task<bool> ShowAsync(int id, CancellationToken cancel)
    {
        if (await requesters.FindAsync(id, cancel) is not { } requester)
            return false;
        (Requester, Form) = (requester, RequesterForm.Of(requester));
        var cursor = TicketCursor.Parse(Request.Query["after"].LastOrDefault(), forward: true);
        IsLater = cursor is not null;
        Tickets = await requesters.TicketsAsync(id, cursor, cancel);
        return true;
    }
}
