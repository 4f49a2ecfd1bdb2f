using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Writing;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>
/// The only way in which pages change a single ticket: the whole form, or the few fields that a button of the ticket's page sends.
/// </summary>
[RequiresRight(Right.write)]
public sealed class EditModel(TicketReads reads, TicketHistory history, Assignees assignees, UpdateTicket update) : PageModel
{
    /// <summary>The ticket.</summary>
    public int Id { get; private set; }

    /// <summary>The version that the form was made from.</summary>
    public int Version { get; private set; }

    /// <summary>The form as typed.</summary>
    public TicketForm Form { get; private set; } = TicketForm.Empty;

    /// <summary>The people who can be chosen as the assignee.</summary>
    public AgentOptions Agents { get; private set; } = AgentOptions.None;

    /// <summary>The errors in the form.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>The stored ticket, when somebody else changed it meanwhile; else null.</summary>
    public TicketForm? Stored { get; private set; }

    /// <summary>The last change of the stored ticket; only with <see cref="Stored"/>.</summary>
    public HistoryEntry? LastChange { get; private set; }

    /// <summary>Shows the form.</summary>
    public async Task<IActionResult> OnGetAsync(int id, CancellationToken cancel)
    {
        if (await reads.FindAsync(id, cancel) is not { } ticket)
            return NotFound();
        (Id, Version, Form) = (id, ticket.Version, TicketForm.Of(ticket));
        await OfferAsync(ticket, cancel);
        return Page();
    }

    /// <summary>Saves it, then shows the ticket.</summary>
    public async Task<IActionResult> OnPostAsync(int id, CancellationToken cancel)
    {
        if (await reads.FindAsync(id, cancel) is not { } ticket)
            return NotFound();
        var form = TicketForm.Read(Request.Form);
        // A form without a version is treated as stale: it is better to ask than to overwrite changes that nobody saw.
        Version = int.TryParse(Request.Form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
        var input = (Version == ticket.Version ? form.Without(ticket) : form).ToInput();
        var result = await update.HandleAsync(id, input, Version, HttpContext.Caller().Origin(Channel.web), cancel);

        (Id, Form) = (id, form.FilledFrom(ticket));
        return result.Problem switch
        {
            null => Redirect($"/tickets/{id}"),
            InvalidInput invalid => await RejectedAsync(invalid, ticket, cancel),
            StaleTicket stale => await ConflictAsync(form, stale.Current, cancel),
            _ => NotFound(),
        };
    }

    private async Task<PageResult> RejectedAsync(InvalidInput invalid, Ticket ticket, CancellationToken cancel)
    {
        await OfferAsync(ticket, cancel);
        Errors = invalid.Errors;
        return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
    }

    private async Task<PageResult> ConflictAsync(TicketForm form, Ticket current, CancellationToken cancel)
    {
        Stored = TicketForm.Of(current);
        Form = form.FilledFrom(current);
        Version = current.Version;
        await OfferAsync(current, cancel);
        LastChange = (await history.HandleAsync(Id, null, cancel)).Entries is [.., var last] ? last : null;
        return new PageResult { StatusCode = StatusCodes.Status409Conflict };
    }

    private async Task OfferAsync(Ticket ticket, CancellationToken cancel)
    {
        int? chosen = int.TryParse(Form.Assignee, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        var me = AgentOptions.MeOf(HttpContext.Caller());
        Agents = new(await assignees.OfferedAsync([ticket.AssigneeId, chosen, me], cancel), me);
    }
}
