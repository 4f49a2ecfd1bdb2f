using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Pages.Tickets;
using SupportTickets.Views;

namespace SupportTickets.Pages.Settings;

/// <summary>The reader's own views, and the shared ones.</summary>
[RequiresPerson]
public sealed class ViewsModel(SavedViews views) : PageModel
{
    /// <summary>The views.</summary>
    public IReadOnlyList<ViewRow> Views { get; private set; } = [];

    /// <summary>The view that could not be saved, as entered; null when there is none.</summary>
    public ViewInput? Input { get; private set; }

    /// <summary>The view that could not be renamed, and its name as entered; null when there is none.</summary>
    public (int Id, string? Name)? Renamed { get; private set; }

    /// <summary>The errors in the input.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    private Caller Caller => HttpContext.Caller();

    /// <summary>Shows the views.</summary>
    public async Task OnGetAsync(CancellationToken cancel) => Views = await views.ListAsync(Caller, cancel);

    /// <summary>Saves a list, then shows it.</summary>
    public async Task<IActionResult> OnPostSaveAsync(CancellationToken cancel)
    {
        Input = new(TicketForm.Text(Request.Form, "view"), TicketForm.Text(Request.Form, "address"), Request.Form["shared"] == "true");
        var result = await views.SaveAsync(Caller, Input, cancel);
        return await AnswerAsync(result, view => ListQuery.Parse(view.Address, []).Url, cancel);
    }

    /// <summary>Renames a view.</summary>
    public async Task<IActionResult> OnPostRenameAsync(int id, int version, CancellationToken cancel)
    {
        Renamed = (id, TicketForm.Text(Request.Form, "view") ?? "");
        var result = await views.ChangeAsync(Caller, id, version, Renamed.Value.Name, isShared: null, cancel);
        return await AnswerAsync(result, ToThisPage, cancel);
    }

    /// <summary>Shares a view or stops sharing it.</summary>
    public async Task<IActionResult> OnPostShareAsync(int id, int version, bool shared, CancellationToken cancel) =>
        await AnswerAsync(await views.ChangeAsync(Caller, id, version, name: null, shared, cancel), ToThisPage, cancel);

    /// <summary>Deletes a view.</summary>
    public async Task<IActionResult> OnPostDeleteAsync(int id, int version, CancellationToken cancel) =>
        await AnswerAsync(await views.DeleteAsync(Caller, id, version, cancel), ToThisPage, cancel);

    private static string ToThisPage(SavedView view) => "/settings/views";

    private async Task<IActionResult> AnswerAsync(Result<SavedView> result, Func<SavedView, string> next, CancellationToken cancel)
    {
        switch (result.Problem)
        {
            case null:
                return Redirect(next(result.Value));
            case InvalidInput invalid:
                Errors = invalid.Errors;
                Views = await views.ListAsync(Caller, cancel);
                return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
            case ViewNotFound:
                return NotFound();
            case StaleView:
                return StatusCode(StatusCodes.Status409Conflict);
            default:
                return StatusCode(StatusCodes.Status403Forbidden);
        }
    }
}
