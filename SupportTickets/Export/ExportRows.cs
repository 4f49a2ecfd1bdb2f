using SupportTickets.Tickets;

namespace SupportTickets.Export;

/// <summary>A ticket as a row of a file.</summary>
internal sealed record ExportedTicket(
    int Id, string Title, string Description, Category Category, Priority Priority, Status Status, Sentiment Sentiment,
    int UrgencyScore, Channel Channel,
    DateTime CreatedAt, DateTime UpdatedAt, DateTime? ResolvedAt, int? ResolutionMinutes, int ReopenCount, int Version, string? Assignee)
{
    /// <summary>All columns, in order. Add new ones at the end, because people refer to columns by their letter.</summary>
    public static readonly IReadOnlyList<ExportColumn<ExportedTicket>> Columns =
    [
        new("Id", 9, (row, file) => file.Number(row.Id)),
        new("Title", 50, (row, file) => file.Text(row.Title)),
        new("Description", 60, (row, file) => file.Text(row.Description)),
        new("Category", 12, (row, file) => file.Text(row.Category.ToString())),
        new("Priority", 10, (row, file) => file.Text(row.Priority.ToString())),
        new("Status", 12, (row, file) => file.Text(row.Status.ToString())),
        new("Sentiment", 12, (row, file) => file.Text(row.Sentiment.ToString())),
        new("Urgency", 10, (row, file) => file.Number(row.UrgencyScore)),
        new("Channel", 10, (row, file) => file.Text(row.Channel.ToString())),
        new("Created (UTC)", 20, (row, file) => file.Time(row.CreatedAt)),
        new("Updated (UTC)", 20, (row, file) => file.Time(row.UpdatedAt)),
        new("Resolved (UTC)", 20, (row, file) => file.Time(row.ResolvedAt)),
        new("Minutes to resolve", 19, (row, file) => file.Number(row.ResolutionMinutes)),
        new("Times reopened", 16, (row, file) => file.Number(row.ReopenCount)),
        new("Version", 10, (row, file) => file.Number(row.Version)),
        new("Assignee", 20, (row, file) => file.Text(row.Assignee ?? "")),
    ];
}

/// <summary>A comment as a row of a file.</summary>
internal sealed record ExportedComment(
    int TicketId, int Id, bool IsInternal, bool IsFromRequester, string Author, DateTime CreatedAt, DateTime? EditedAt, string Body)
{
    /// <summary>All columns, in order. Add new ones at the end here, too.</summary>
    public static readonly IReadOnlyList<ExportColumn<ExportedComment>> Columns =
    [
        new("Ticket", 9, (row, file) => file.Number(row.TicketId)),
        new("Id", 9, (row, file) => file.Number(row.Id)),
        new("Kind", 10, (row, file) => file.Text(CommentText.Of(row.IsInternal, row.IsFromRequester))),
        new("Author", 20, (row, file) => file.Text(row.Author)),
        new("Created (UTC)", 20, (row, file) => file.Time(row.CreatedAt)),
        new("Edited (UTC)", 20, (row, file) => file.Time(row.EditedAt)),
        new("Text", 80, (row, file) => file.Text(row.Body)),
    ];
}
