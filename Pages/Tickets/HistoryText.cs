using SupportTickets.Pages.Shared;
using SupportTickets.Tickets;

namespace SupportTickets.Pages.Tickets;

/// <summary>A change in words, to stand after the name of who made it.</summary>
/// <param name="Text">"changed priority from low to high".</param>
/// <param name="Before">A long value before, shown on demand; null where the words say it.</param>
/// <param name="After">A long value after.</param>
public sealed record HistoryText(string Text, string? Before = null, string? After = null)
{
    /// <summary>Words for an event.</summary>
    public static HistoryText Of(HistoryEntry entry) => entry.Field switch
    {
        TicketField.status => new(OfStatus(entry.OldValue, entry.NewValue)),
        TicketField.title => new("changed the title", entry.OldValue, entry.NewValue),
        TicketField.description => new("edited the description", entry.OldValue, entry.NewValue),
        TicketField.category or TicketField.priority or TicketField.sentiment or TicketField.urgency_score =>
            new($"changed {(entry.Field == TicketField.urgency_score ? "urgency" : entry.Field)} from {entry.OldValue} to {entry.NewValue}"),
    };

    private static string OfStatus(string? before, string after) => (before, after) switch
    {
        (null, nameof(Status.open)) => "opened this ticket",
        (null, _) => $"added this ticket as {Words.Plain(after)}",
        (nameof(Status.resolved) or nameof(Status.closed), nameof(Status.open) or nameof(Status.in_progress)) => $"reopened this ticket: status from {Words.Plain(before)} to {Words.Plain(after)}",
        _ => $"changed status from {Words.Plain(before)} to {Words.Plain(after)}",
    };
}
