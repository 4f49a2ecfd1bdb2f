using SupportTickets.Tickets;

namespace SupportTickets.Pages.Tickets;

/// <summary>
/// A form merged with what others changed since its page was made. A field that only one side changed has that side's value; only
/// fields that both changed to different values are a conflict.
/// </summary>
/// <param name="Changes">The form with the fields that its person changed, and no others.</param>
/// <param name="Conflicts">The names of the fields that both changed.</param>
public sealed record TicketMerge(TicketForm Changes, IReadOnlyList<string> Conflicts)
{
    /// <summary>Merges a form.</summary>
    /// <param name="form">As posted.</param>
    /// <param name="before">The values that the fields had when the page was made; null where the form does not tell, which counts as
    /// a change of the person.</param>
    /// <param name="ticket">The ticket as stored now, read with its requester.</param>
    public static TicketMerge Of(TicketForm form, TicketForm before, Ticket ticket)
    {
        var (stored, changes) = (TicketForm.Of(ticket), form);
        var conflicts = new List<string>();
        foreach (var name in TicketForm.Merged)
        {
            var (mine, was, theirs) = (Compared(name, form), Compared(name, before), Compared(name, stored));
            // A name without an address is left to the rules, which ask for the address.
            if (name == TicketForm.RequesterField && mine is "" && !string.IsNullOrWhiteSpace(form.RequesterName))
                continue;
            if (mine is null || mine == was || mine == theirs)
                changes = changes.With(name, null);
            else if (was != theirs)
                conflicts.Add(name);
        }
        return new(changes, conflicts);
    }

    // An address is the same however it is written.
    private static string? Compared(string name, TicketForm form) =>
        form[name]?.Trim() is { } text && name == TicketForm.RequesterField ? Requester.Normalized(text) : form[name]?.Trim();
}
