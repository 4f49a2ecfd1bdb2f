using Microsoft.EntityFrameworkCore;

namespace SupportTickets.Tickets.Reading;

/// <summary>Reads the conversation of a ticket together with its history, for people.</summary>
public sealed class TicketTimeline(TicketReads reads, TicketHistory history)
{
    /// <summary>How much of a comment is read, in characters of the database: a page has many, and each may be a megabyte.</summary>
    public const int BodyLength = 20_000;

    /// <summary>The latest entries, oldest of them first. A comment stands at its event, so one cursor pages through both.</summary>
    /// <param name="ticketId">The ticket.</param>
    /// <param name="before">Only entries before this event; null for the latest.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public async Task<TimelinePage> HandleAsync(int ticketId, long? before, CancellationToken cancel)
    {
        var page = await history.HandleAsync(ticketId, before, cancel);
        List<int> ids = [.. page.Entries.Where(e => e is { CommentId: not null, OldValue: null }).Select(e => e.CommentId!.Value)];
        var comments = ids.Count == 0 ? [] : await reads.Comments.Where(c => ids.Contains(c.Id))
            .Select(c => new TimelineComment(
                c.Id, c.Body.Substring(0, BodyLength), c.Body.Length > BodyLength, c.IsInternal, c.IsFromRequester, c.Author, c.AuthorId,
                c.CreatedAt, c.EditedAt, c.Version))
            .ToDictionaryAsync(c => c.Id, cancel);
        var files = await reads.Attachments.Where(a => a.TicketId == ticketId && (a.CommentId == null || ids.Contains(a.CommentId.Value)))
            .OrderBy(a => a.Id).ToListAsync(cancel);
        var byComment = files.ToLookup(a => a.CommentId);
        return new(
            [.. page.Entries.Where(e => !IsEdit(e)).Select(e => new TimelineEntry(
                e, e is { CommentId: { } id, OldValue: null } ? comments.GetValueOrDefault(id) : null,
                e is { CommentId: { } of, OldValue: null } ? [.. byComment[of]] : []))],
            [.. byComment[null]], page.Earlier);
    }

    /// <summary>The names of a ticket's tags, in their order.</summary>
    public async Task<IReadOnlyList<string>> TagsAsync(int ticketId, CancellationToken cancel) =>
        await reads.TicketTags.Where(t => t.TicketId == ticketId).Select(t => t.Tag!.Name).OrderBy(name => name).ToListAsync(cancel);

    // An edited comment says so itself.
    private static bool IsEdit(HistoryEntry entry) =>
        entry is { Field: TicketField.comment, OldValue: not null, NewValue.Length: > 0 };
}

/// <summary>A page of a conversation.</summary>
/// <param name="Entries">Oldest first.</param>
/// <param name="Files">The files that came with the ticket itself.</param>
/// <param name="Earlier">The event before which earlier entries are left out; null when none are.</param>
public sealed record TimelinePage(IReadOnlyList<TimelineEntry> Entries, IReadOnlyList<Attachment> Files, long? Earlier);

/// <summary>An event, and the comment that it added.</summary>
/// <param name="Event">The event.</param>
/// <param name="Comment">The comment; null for other events, and for a comment that was deleted since.</param>
/// <param name="Files">The files of the comment.</param>
public sealed record TimelineEntry(HistoryEntry Event, TimelineComment? Comment, IReadOnlyList<Attachment> Files);

/// <summary>A comment as people read it.</summary>
/// <param name="Id">See <see cref="Comment.Id"/>.</param>
/// <param name="Body">At most <see cref="TicketTimeline.BodyLength"/> characters of the text.</param>
/// <param name="IsCut">Whether the text is longer.</param>
/// <param name="IsInternal">See <see cref="Comment.IsInternal"/>.</param>
/// <param name="IsFromRequester">See <see cref="Comment.IsFromRequester"/>.</param>
/// <param name="Author">See <see cref="Comment.Author"/>.</param>
/// <param name="AuthorId">See <see cref="Comment.AuthorId"/>.</param>
/// <param name="CreatedAt">See <see cref="Comment.CreatedAt"/>.</param>
/// <param name="EditedAt">See <see cref="Comment.EditedAt"/>.</param>
/// <param name="Version">See <see cref="Comment.Version"/>.</param>
public sealed record TimelineComment(
    int Id, string Body, bool IsCut, bool IsInternal, bool IsFromRequester, string Author, int? AuthorId, DateTime CreatedAt,
    DateTime? EditedAt, int Version);
