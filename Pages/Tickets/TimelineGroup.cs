using SupportTickets.Access;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>A comment, or the changes that one person made one after the other, as one line.</summary>
/// <param name="Comment">The comment; null for changes.</param>
/// <param name="Events">The changes.</param>
public sealed record TimelineGroup(TimelineEntry? Comment, IReadOnlyList<HistoryEntry> Events)
{
    // Changes further apart than this are two pieces of work.
    private static readonly TimeSpan Together = TimeSpan.FromMinutes(10);

    /// <summary>Who made the changes.</summary>
    public string Actor => Events[0].Actor;

    /// <summary>When the last of them was made, UTC.</summary>
    public DateTime At => Events[^1].At;

    /// <summary>Whether the desk itself made them.</summary>
    public bool IsByDesk => Events[0].Channel is null || Actor == Origin.Triage.Actor;

    /// <summary>What was done, to follow the name.</summary>
    public string Text
    {
        get
        {
            var (texts, tags) = (new List<string>(), TagsText());
            foreach (var entry in Events)
            {
                var text = entry.Field == TicketField.tag ? tags : HistoryText.Of(entry).Text;
                if (!texts.Contains(text)) texts.Add(text);
            }
            return texts.Count == 1 ? texts[0] : $"{string.Join(", ", texts.SkipLast(1))} and {texts[^1]}";
        }
    }

    // What came of all changes of tags: one that was added and taken away again, or the other way round, is not named.
    private string TagsText()
    {
        var events = Events.Where(e => e.Field == TicketField.tag).ToLookup(e => e.OldValue ?? e.NewValue);
        var added = events.Where(tag => tag.First().OldValue is null && tag.Last().OldValue is null).Select(tag => tag.Key).ToList();
        var removed = events.Where(tag => tag.First().OldValue is not null && tag.Last().OldValue is not null)
            .Select(tag => tag.Key).ToList();
        string[] parts =
        [
            .. added.Count > 0 ? new[] { $"added {Named(added)}" } : [], .. removed.Count > 0 ? new[] { $"removed {Named(removed)}" } : [],
        ];
        return parts.Length > 0 ? string.Join(" and ", parts) : "added and removed tags";

        static string Named(List<string> names) =>
            $"the {(names.Count == 1 ? "tag" : "tags")} {string.Join(", ", names.Select(Words.Isolated))}";
    }

    /// <summary>The changes of long texts, to show on demand.</summary>
    public IEnumerable<HistoryText> Changes => Events.Select(HistoryText.Of).Where(words => words.Before is not null);

    /// <summary>Groups entries. Callers without a credential are not one person.</summary>
    public static IReadOnlyList<TimelineGroup> Of(IReadOnlyList<TimelineEntry> entries)
    {
        var groups = new List<TimelineGroup>();
        foreach (var entry in entries)
        {
            if (entry.Comment is not null)
                groups.Add(new(entry, []));
            else if (groups is [.., { Comment: null } last] && last.Actor == entry.Event.Actor && last.Actor != Caller.AnonymousName
                && last.Events[^1].Channel == entry.Event.Channel && entry.Event.At - last.At < Together)
                groups[^1] = last with { Events = [.. last.Events, entry.Event] };
            else
                groups.Add(new(null, [entry.Event]));
        }
        return groups;
    }
}
