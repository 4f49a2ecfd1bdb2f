using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Pages.Shared;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Writing;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>
/// The only way in which pages change the fields of a single ticket: the whole form, or the few fields that a button of the ticket's
/// page sends. Each form says what its fields were, so that changes of two people to different fields are merged.
/// </summary>
[RequiresRight(Right.write)]
public sealed class EditModel(TicketReads reads, TicketHistory history, Assignees assignees, UpdateTicket update) : PageModel
{
    // Somebody else may change the ticket between the merge and the write; then it is merged again.
    private const int MaxTries = 5;

    /// <summary>The ticket.</summary>
    public int Id { get; private set; }

    /// <summary>The form as typed.</summary>
    public TicketForm Form { get; private set; } = TicketForm.Empty;

    /// <summary>The values that the fields of the form were when its page was made.</summary>
    public TicketForm Before { get; private set; } = TicketForm.None;

    /// <summary>The people who can be chosen as the assignee.</summary>
    public AgentOptions Agents { get; private set; } = AgentOptions.None;

    /// <summary>The errors in the form.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>Why the form as a whole was refused; null when it was not.</summary>
    public string? Refused { get; private set; }

    /// <summary>The fields that somebody else changed too, to another value; none where there is no conflict.</summary>
    public IReadOnlyList<string> Conflicts { get; private set; } = [];

    /// <summary>The stored ticket; only with <see cref="Conflicts"/>.</summary>
    public TicketForm? Stored { get; private set; }

    /// <summary>The last change of the stored ticket; only with <see cref="Conflicts"/>.</summary>
    public HistoryEntry? LastChange { get; private set; }

    /// <summary>What is shown instead where the ticket of the form is gone.</summary>
    public GoneTicket? Gone { get; private set; }

    /// <summary>The list that the reader came from.</summary>
    public ListPlace Place { get; private set; } = ListPlace.None;

    /// <summary>Whether only title and description are edited: on the page of the ticket, where a script puts the form.</summary>
    public bool TextOnly => Request.Query["part"] == "text";

    /// <summary>The names of the fields that the form has.</summary>
    public IReadOnlyList<string> Names => TextOnly ? ["title", "description"]
        : [.. TicketForm.Merged.Where(name => name != "assignee" || !Agents.IsEmpty)];

    /// <summary>Where the form is sent.</summary>
    public string Address => TextOnly ? $"/tickets/{Id}/edit?part=text{Place.More}" : Place.EditAddressOf(Id);

    /// <summary>Shows the form.</summary>
    public async Task<IActionResult> OnGetAsync(int id, CancellationToken cancel)
    {
        if (await reads.FindWithRequesterAsync(id, cancel) is not { } ticket)
            return NotFound();
        Place = ListPlace.Read(Request.Query);
        (Id, Form) = (id, TicketForm.Of(ticket));
        Before = Form;
        await OfferAsync(ticket, cancel);
        return Page();
    }

    /// <summary>Saves it, then shows the ticket.</summary>
    [KeepsForm]
    public async Task<IActionResult> OnPostAsync(int id, CancellationToken cancel)
    {
        Place = ListPlace.Read(Request.Query);
        (Id, Before) = (id, TicketForm.ReadBase(Request.Form));
        var form = Chosen(TicketForm.Read(Request.Form));
        for (var attempt = 1; ; attempt++)
        {
            if (await reads.FindWithRequesterAsync(id, cancel) is not { } ticket)
                return await GoneAsync(form, cancel);
            if (HttpContext.Features.Get<FormRefused>() is { } refused)
                return await RefusedAsync(form, ticket, refused.Fault, cancel);
            var merge = TicketMerge.Of(form, Before, ticket);
            if (merge.Conflicts.Count > 0)
                return await ConflictAsync(form, merge, ticket, cancel);
            var result = await update.HandleAsync(
                id, merge.Changes.ToInput(), ticket.Version, HttpContext.Caller().Origin(Channel.web), cancel);
            if (result.Problem is StaleTicket && attempt < MaxTries)
                continue;
            switch (result.Problem)
            {
                case null:
                    ChangeNotice.Of(merge.Changes, ticket, result.Value)?.Leave(TempData);
                    return Request.GoTo(Place.AddressOf(id));
                case InvalidInput invalid:
                    Form = form.FilledFrom(ticket);
                    await OfferAsync(ticket, cancel);
                    Errors = invalid.Errors;
                    return new PageResult { StatusCode = StatusCodes.Status422UnprocessableEntity };
                default:
                    return await GoneAsync(form, cancel);
            }
        }
    }

    private async Task<PageResult> RefusedAsync(TicketForm form, Ticket ticket, Fault fault, CancellationToken cancel)
    {
        (Form, Refused) = (form.FilledFrom(ticket), fault.Message);
        await OfferAsync(ticket, cancel);
        return new PageResult { StatusCode = fault.Status };
    }

    // In a conflict the person chose for each field whose value stays.
    private TicketForm Chosen(TicketForm form) => TicketForm.Merged
        .Where(name => Request.Form[$"pick-{name}"] == "theirs")
        .Aggregate(form, (chosen, name) => chosen.With(name, null));

    private async Task<PageResult> ConflictAsync(TicketForm form, TicketMerge merge, Ticket current, CancellationToken cancel)
    {
        Stored = TicketForm.Of(current);
        Conflicts = merge.Conflicts;
        Form = merge.Changes;
        // What is asked about now is compared with what is saved now.
        Before = merge.Conflicts.Aggregate(Before, (before, name) => before.With(name, Stored[name]));
        await OfferAsync(current, cancel);
        LastChange = (await history.HandleAsync(Id, null, cancel)).Entries is [.., var last] ? last : null;
        return new PageResult { StatusCode = StatusCodes.Status409Conflict };
    }

    private async Task<PageResult> GoneAsync(TicketForm form, CancellationToken cancel)
    {
        var typed = GoneTicket.Filled(("Title", form.Title ?? ""), ("Description", form.Description ?? ""));
        Gone = new(await reads.WasDeletedAsync(Id, cancel), Place.Url, typed);
        return new PageResult { StatusCode = Gone.Status };
    }

    private async Task OfferAsync(Ticket ticket, CancellationToken cancel)
    {
        int? chosen = int.TryParse(Form.Assignee, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        var me = AgentOptions.MeOf(HttpContext.Caller());
        Agents = new(await assignees.OfferedAsync([ticket.AssigneeId, chosen, me], cancel), me);
    }
}
