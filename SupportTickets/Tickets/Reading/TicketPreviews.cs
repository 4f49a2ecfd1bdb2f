using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Tickets.Search;

namespace SupportTickets.Tickets.Reading;

/// <summary>
/// Makes the previews of a page: the first words of each description, or on a search the place that matches. The database cuts that
/// out, so that no long description is read for it.
/// </summary>
internal static class TicketPreviews
{
    /// <summary>What is cut out, in characters of the database: enough for a preview after Markdown is removed.</summary>
    private const int Before = 120, Length = 400;

    /// <summary>The rows with previews on one line.</summary>
    /// <param name="visible">The tickets that the reader sees.</param>
    /// <param name="rows">The rows of a page, with the first characters of the descriptions.</param>
    /// <param name="search">The search.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public static async Task<List<TicketRow>> AddAsync(
        IQueryable<Ticket> visible, List<TicketRow> rows, SearchTerms search, CancellationToken cancel)
    {
        if (search.IsEmpty || rows.Count == 0)
            return rows.ConvertAll(row => row with { Preview = OneLine.Of(MarkdownText.Plain(row.Preview)) });
        var ids = rows.Select(row => row.Id).ToList();
        var pieces = await visible.Where(t => ids.Contains(t.Id))
            .Select(SearchQueries.With<int?, Piece>(SearchQueries.Place(search), (t, place) => new Piece
            {
                Id = t.Id,
                Text = t.Description.Substring(Math.Max((place ?? 1) - 1 - Before, 0), Length),
            }))
            .ToDictionaryAsync(piece => piece.Id, cancel);
        return rows.ConvertAll(row => pieces.GetValueOrDefault(row.Id)?.Text is { } piece
            ? row with { Preview = SearchMarks.Excerpt(piece, isCut: !piece.StartsWith(row.Preview, StringComparison.Ordinal), search) }
            : row);
    }

    private sealed class Piece
    {
        public int Id { get; init; }

        public string Text { get; init; } = "";
    }
}
