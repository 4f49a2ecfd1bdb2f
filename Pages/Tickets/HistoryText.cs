using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>The text for a change, to follow the name of the actor.</summary>
/// <param name="Text">"changed priority from low to high".</param>
/// <param name="Before">A long value before, shown on demand; null where the text contains it.</param>
/// <param name="After">A long value after.</param>
public sealed record HistoryText(string Text, string? Before = null, string? After = null)
{
    /// <summary>The text for an event.</summary>
    public static HistoryText Of(HistoryEntry entry) => entry.Field switch
    {
        TicketField.status => new(OfStatus(entry.OldValue, entry.NewValue)),
        TicketField.title => new("changed the title", Title(entry.OldValue), Title(entry.NewValue)),
        TicketField.description when entry.OldValue == entry.NewValue =>
            new($"edited the description after its first {TicketHistory.ValueLength} characters"),
        TicketField.description => new("edited the description", Beginning(entry.OldValue), Beginning(entry.NewValue)),
        TicketField.category or TicketField.priority or TicketField.sentiment or TicketField.urgency_score =>
            new($"changed {NameOf(entry.Field)} from {entry.OldValue} to {entry.NewValue}"),
        TicketField.assignee => new(OfAssignee(
            entry.Actor, Assignment.NameIn(entry.OldValue ?? ""), Assignment.NameIn(entry.NewValue))),
        TicketField.requester => new(entry.NewValue.Length == 0 ? "removed the requester" : "set the requester"),
        TicketField.comment => new(OfComment(entry.OldValue, entry.NewValue)),
        TicketField.tag => new(entry.OldValue is { } removed
            ? $"removed the tag {Words.Isolated(removed)}" : $"added the tag {Words.Isolated(entry.NewValue)}"),
        TicketField.attachment => new(entry.OldValue is { } deleted
            ? $"deleted the file {Words.Isolated(deleted)}" : $"attached {Words.Isolated(entry.NewValue)}"),
    };

    private static string NameOf(TicketField field) => field == TicketField.urgency_score ? "urgency" : field.ToString();

    // The database gives one character more than is shown; both count in code points.
    private static string? Beginning(string? value) => value is null || TextRules.CodePoints(value) <= TicketHistory.ValueLength
        ? value
        : string.Concat(value.EnumerateRunes().Take(TicketHistory.ValueLength)) + "…";

    // Nobody speaks of themselves by their name.
    private static string OfAssignee(string actor, string before, string after) => (before, after) switch
    {
        (_, "") when before == actor => "gave it back",
        (_, "") => $"unassigned {Words.Isolated(before)}",
        ("", _) when after == actor => "took it",
        ("", _) => $"assigned to {Words.Isolated(after)}",
        _ when after == actor => $"took it from {Words.Isolated(before)}",
        _ => $"assigned to {Words.Isolated(after)}, before to {Words.Isolated(before)}",
    };

    private static string? Title(string? value) => Beginning(value) is { } title ? Words.Shown(title) : null;

    // The event of a comment that is still there is shown as the comment.
    private static string OfComment(string? before, string after) => (before, after) switch
    {
        (null, _) => $"wrote {Article(after)} that was deleted since",
        (_, "") => $"deleted {Article(before)}",
        _ => $"edited {Article(before)}",
    };

    private static string Article(string word) => word == CommentText.Note ? "an internal note" : $"a {word}";

    private static string OfStatus(string? before, string after) => (before, after) switch
    {
        (null, nameof(Status.open)) => "opened this ticket",
        (null, _) => $"added this ticket as {Words.Plain(after)}",
        (nameof(Status.resolved) or nameof(Status.closed), nameof(Status.open) or nameof(Status.in_progress)) =>
            $"reopened this ticket: status from {Words.Plain(before)} to {Words.Plain(after)}",
        _ => $"changed status from {Words.Plain(before)} to {Words.Plain(after)}",
    };
}
