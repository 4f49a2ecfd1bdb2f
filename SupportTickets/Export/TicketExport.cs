using Microsoft.EntityFrameworkCore;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Export;

/// <summary>A ticket as a file has it. Times are UTC.</summary>
public sealed record ExportRow(
    int Id, string Title, string Description, Category Category, Priority Priority, Status Status, Sentiment Sentiment,
    int UrgencyScore, Channel Channel,
    DateTime CreatedAt, DateTime UpdatedAt, DateTime? ResolvedAt, int? ResolutionMinutes, int ReopenCount, int Version, string? Assignee);

/// <summary>All tickets of a list, not only those of a page.</summary>
public sealed class TicketExport(TicketReads reads)
{
    /// <summary>
    /// Reads them by one statement, in the order of the list, while the database gives them: memory does not grow with their
    /// number.
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
/// <param name="Name">What stands above it.</param>
/// <param name="Width">About how many characters of it are seen where the program has widths.</param>
/// <param name="Write">Writes the cell of a row.</param>
internal sealed record ExportColumn(string Name, int Width, Action<ExportRow, ITicketFile> Write)
{
    /// <summary>All, in their order. New ones are added at the end: people point at columns by their letter.</summary>
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

/// <summary>A file that is written cell by cell, row by row. Nothing more than a few rows waits in memory.</summary>
internal interface ITicketFile : IAsyncDisposable
{
    /// <summary>Starts the file.</summary>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Writes a text, which may be anybody's.</summary>
    void Text(string text);

    /// <summary>Writes a whole number; null is an empty cell.</summary>
    void Number(int? number);

    /// <summary>Writes a moment, to the second; null is an empty cell.</summary>
    void Time(DateTime? time);

    /// <summary>Ends a row.</summary>
    ValueTask EndRowAsync(CancellationToken cancel);

    /// <summary>
    /// Writes what comes behind the last row. A file that is disposed without it is not whole, and no program takes it for a whole
    /// one.
    /// </summary>
    Task FinishAsync(CancellationToken cancel);
}
