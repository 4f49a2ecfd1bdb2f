using Microsoft.EntityFrameworkCore;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Export;

/// <summary>A ticket as a row of a file. Times are UTC.</summary>
public sealed record ExportRow(
    int Id, string Title, string Description, Category Category, Priority Priority, Status Status, Sentiment Sentiment,
    int UrgencyScore, Channel Channel,
    DateTime CreatedAt, DateTime UpdatedAt, DateTime? ResolvedAt, int? ResolutionMinutes, int ReopenCount, int Version, string? Assignee);

/// <summary>Reads all tickets of a list, not only those of a page.</summary>
public sealed class TicketExport(TicketReads reads)
{
    /// <summary>
    /// Reads the tickets with one statement, in the order of the list, and streams them: memory does not grow with their number.
    /// </summary>
    public IAsyncEnumerable<ExportRow> ReadAsync(TicketFilter filter, TicketOrder order) => TicketList
        .InOrder(reads.Matching(filter), order)
        .Select(t => new ExportRow(
            t.Id, t.Title, t.Description, t.Category, t.Priority, t.Status, t.Sentiment, t.UrgencyScore, t.Channel,
            t.CreatedAt, t.UpdatedAt, t.ResolvedAt, t.ResolutionMinutes, t.ReopenCount, t.Version, t.Assignee!.Name))
        .AsAsyncEnumerable();
}

/// <summary>
/// A column of the file. Choices are spelled as in the feed and in REST, so that files and reports can be compared.
/// </summary>
/// <param name="Name">The heading.</param>
/// <param name="Width">The width in characters, for programs that have column widths.</param>
/// <param name="Write">Writes the cell for a row.</param>
internal sealed record ExportColumn(string Name, int Width, Action<ExportRow, ITicketFile> Write)
{
    /// <summary>All columns, in order. Add new ones at the end, because people refer to columns by their letter.</summary>
    public static readonly IReadOnlyList<ExportColumn> All =
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

/// <summary>A file that is written cell by cell and row by row. At most a few rows are in memory.</summary>
internal interface ITicketFile : IAsyncDisposable
{
    /// <summary>Starts the file.</summary>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Writes a text, which may come from anybody.</summary>
    void Text(string text);

    /// <summary>Writes a whole number; null is an empty cell.</summary>
    void Number(int? number);

    /// <summary>Writes a time, to the second; null is an empty cell.</summary>
    void Time(DateTime? time);

    /// <summary>Ends a row.</summary>
    ValueTask EndRowAsync(CancellationToken cancel);

    /// <summary>
    /// Writes the end of the file. A file that is disposed without it is incomplete, and no program takes it for a complete one.
    /// </summary>
    Task FinishAsync(CancellationToken cancel);
}
