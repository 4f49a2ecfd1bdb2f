using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Pages.Tickets;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Tags;
using SupportTickets.Views;

namespace SupportTickets.Pages.Settings;

/// <summary>The tags of the desk, for administrators.</summary>
[RequiresRight(Right.administer)]
public sealed class TagsModel(TagReads tags, ManageTags manage) : PageModel
{
    /// <summary>The tag after which the page starts; null for the first page.</summary>
    [BindProperty(SupportsGet = true)]
    public int? After { get; set; }

    /// <summary>A page of tags.</summary>
    public TagPage Tags { get; private set; } = new([], null);

    /// <summary>The tag whose change was refused, with what was typed; null when there is none.</summary>
    public (int Id, string Typed)? Failed { get; private set; }

    /// <summary>The errors in the input.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>What was just done; null when nothing was.</summary>
    public Notice? Notice { get; private set; }

    private Caller Caller => HttpContext.Caller();

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancel)
    {
        Notice = Notice.Take(TempData);
        Tags = await tags.ListAsync(After, cancel);
    }

    /// <summary>Gives a tag another name.</summary>
    public async Task<IActionResult> OnPostRenameAsync(int id, int version, CancellationToken cancel)
    {
        Failed = (id, TicketForm.Text(Request.Form, "name") ?? "");
        var result = await manage.RenameAsync(id, Supplied.Of(Failed.Value.Typed), version, Caller, cancel);
        return await AnswerAsync(result, tag => $"The tag is called “{Words.Isolated(tag.Name)}” now.", cancel);
    }

    /// <summary>Gives all tickets of a tag another one instead.</summary>
    public async Task<IActionResult> OnPostMergeAsync(int id, CancellationToken cancel)
    {
        var typed = (TicketForm.Text(Request.Form, "into") ?? "").Trim();
        Failed = (id, typed);
        var isName = TagValidator.Name(Supplied.Of(typed)).Succeeded(out var name, out _);
        Result<Tag> result = isName && await tags.FindAsync(name!, cancel) is { } into
            ? await manage.MergeAsync(id, into.Id, Caller, cancel)
            : new InvalidInput([new("into", FieldErrorCode.NotAChoice, "There is no such tag.")]);
        return await AnswerAsync(result, tag => $"All tickets of the tag have “{Words.Isolated(tag.Name)}” now.", cancel);
    }

    /// <summary>Deletes a tag.</summary>
    public async Task<IActionResult> OnPostDeleteAsync(int id, int version, CancellationToken cancel) =>
        await AnswerAsync(
            await manage.DeleteAsync(id, version, Caller, cancel), tag => $"The tag “{Words.Isolated(tag.Name)}” was deleted.", cancel);

    private async Task<IActionResult> AnswerAsync(Result<Tag> result, Func<Tag, string> done, CancellationToken cancel)
    {
        switch (result.Problem)
        {
            case null:
                Notice.Done(done(result.Value)).Leave(TempData);
                return Redirect(After is { } after ? $"/settings/tags?after={after}" : "/settings/tags");
            case InvalidInput invalid:
                Errors = invalid.Errors;
                Tags = await tags.ListAsync(After, cancel);
                return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
            case TagNotFound:
                return NotFound();
            default:
                return StatusCode(StatusCodes.Status409Conflict);
        }
    }
}
