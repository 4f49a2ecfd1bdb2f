using SupportTickets.Tickets.Reading;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>What happened on a ticket while somebody reads its page, in a few words.</summary>
/// <param name="Text">"Ada replied."</param>
/// <param name="CommentId">The last of the new comments; null where there is none.</param>
public sealed record TicketNews(string Text, int? CommentId)
{
    // More is not listened to; the page shows all of it.
    private const int MaxSentences = 3;

    /// <summary>The news of a page; null where nothing is new.</summary>
    /// <param name="entries">What the page shows, oldest first.</param>
    /// <param name="seen">The newest event that the reader has seen.</param>
    public static TicketNews? Of(IReadOnlyList<TimelineEntry> entries, long seen)
    {
        List<TimelineEntry> fresh = [.. entries.Where(entry => entry.Event.Id > seen)];
        if (fresh.Count == 0)
            return null;
        var sentences = TimelineGroup.Of(fresh).Select(Sentence).ToList();
        var more = sentences.Count - MaxSentences;
        var text = string.Join(' ', sentences.Take(MaxSentences)) + (more > 0 ? $" And {more} more." : "");
        return new(text, fresh.LastOrDefault(entry => entry.Comment is not null)?.Comment!.Id);
    }

    private static string Sentence(TimelineGroup group) => group.Comment is { Comment: { } comment }
        ? $"{Words.Isolated(comment.Author)} {(comment.IsInternal ? "added an internal note" : "replied")}."
        : $"{Words.Isolated(group.Actor)} {group.Text}.";
}
