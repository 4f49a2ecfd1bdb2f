using System.Globalization;
using DocumentFormat.OpenXml.Spreadsheet;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Export;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;
using SupportTickets.Tickets;
using Comment = SupportTickets.Tickets.Comment;

namespace SupportTickets.Tests.Export;

/// <summary>The comments of a list: a sheet of its workbook, and a CSV of their own.</summary>
public sealed class CommentExportTests
{
    private static readonly string[] Columns = ["Ticket", "Id", "Kind", "Author", "Created (UTC)", "Edited (UTC)", "Text"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task They_are_those_of_the_listed_tickets_by_ticket_in_both_files(Provider provider)
    {
        var last = new LastQuery();
        await using var feed = await FeedDesk.StartAsync(provider, new ManualClock(ManualClock.Monday), last);
        await feed.SeedAsync(12);
        await feed.Desk.TagAsync(3, "late");
        var agent = await feed.Desk.AddPersonAsync(Role.agent, "Ada Lovelace");
        for (var i = 0; i < 22; i++) // from ticket to ticket, so that they were not written in the order of the file; the last has none
            await feed.Desk.AddCommentAsync(
                1 + (i * 5 % 11), $"Comment {i},\n“second line”", isInternal: i % 3 == 0, by: i % 3 == 0 ? agent : null,
                requester: i % 3 == 1 ? "Rita" : null);
        await using var db = feed.Database.Open();
        await db.Comments.Where(c => c.Id % 4 == 0).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.EditedAt, ManualClock.Monday.UtcDateTime.AddMinutes(5)), Cancel);
        var stored = await db.Comments.OrderBy(c => c.TicketId).ThenBy(c => c.Id).ToListAsync(Cancel);
        Assert.NotEqual(stored.Select(c => c.Id).Order(), stored.Select(c => c.Id));
        string[] some =
        [
            "?status=open&sort=-urgency", "?search=ticket+1", "?search=t+1&sort=status", "?category=technical&sort=priority", "?tag=late",
            "?created=2026-01-01..2026-01-02&sort=created",
        ];
        foreach (var query in (string[])["", "?sort=category", "?search=nowhere", .. some])
        {
            var tickets = ExportFile.ReadCsv(await ExportFile.FromAsync(feed.Desk, $"/tickets/export.csv{query}"));
            var listed = tickets.Skip(1).Select(row => int.Parse(row[0])).ToHashSet();
            var expected = stored.Where(c => listed.Contains(c.TicketId)).Select(Row).ToList();
            if (some.Contains(query)) Assert.InRange(expected.Count, 1, stored.Count - 1);
            feed.Forget();
            var csv = ExportFile.ReadCsv(await ExportFile.FromAsync(feed.Desk, $"/tickets/comments.csv{query}"));
            Assert.Single(feed.Sql);
            if (provider == Provider.Sqlite)
                Assert.DoesNotContain("TEMP B-TREE", await last.ExplainAsync(db, "EXPLAIN QUERY PLAN ")); // no sorting of texts
            Assert.Equal(Columns, csv[0]);
            Assert.Equal((query, string.Join('\n', expected)), (query, string.Join('\n', csv.Skip(1).Select(Joined))));
            feed.Forget();
            var sheets = ExportFile.ReadXlsx(await ExportFile.FromAsync(feed.Desk, $"/tickets/export.xlsx{query}"));
            Assert.Equal(2, feed.Sql.Count);
            Assert.Equal(2, sheets.Count);
            Assert.Equal(tickets, sheets[0]);
            Assert.Equal(csv, sheets[1]);
        }
    }

    [Fact]
    public async Task Where_nothing_was_said_there_are_only_the_names_of_the_columns()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        await desk.AddTicketAsync("Nobody answered");
        foreach (var (query, tickets) in ((string, int)[])[("", 1), ("?search=nowhere", 0)])
        {
            Assert.Equal([Columns], ExportFile.ReadCsv(await ExportFile.FromAsync(desk, $"/tickets/comments.csv{query}")));
            var sheets = ExportFile.ReadXlsx(await ExportFile.FromAsync(desk, $"/tickets/export.xlsx{query}"));
            Assert.Equal([tickets + 1, 1], sheets.Select(sheet => sheet.Count));
            Assert.Equal(Columns, sheets[1][0]);
        }
    }

    [Fact]
    public async Task Hostile_text_is_harmless_in_csv_and_as_it_was_in_the_workbook_up_to_the_length_of_a_cell()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        await desk.AddTicketAsync();
        var tooLong = new string('x', XlsxFile.MaxText + 1);
        (string Text, string Csv, string Xlsx)[] cases =
        [
            ("=1+1", "'=1+1", "=1+1"),
            ("＠SUM(1)", "'＠SUM(1)", "＠SUM(1)"),
            ("\u200B=1", "'\u200B=1", "\u200B=1"),
            ("> quoted\n=HYPERLINK(\"https://evil.example\")", "> quoted\n'=HYPERLINK(\"https://evil.example\")",
                "> quoted\n=HYPERLINK(\"https://evil.example\")"),
            ("a;=cmd|' /C calc'!A0", "a;'=cmd|' /C calc'!A0", "a;=cmd|' /C calc'!A0"),
            ("_x003D_1+1", "_x003D_1+1", "_x003D_1+1"),
            ("</t></is></c><script>alert(1)</script>", "</t></is></c><script>alert(1)</script>", "</t></is></c><script>alert(1)</script>"),
            ("a\u0001b", "a\u0001b", "a\uFFFDb"),
            (tooLong, tooLong, tooLong[..(XlsxFile.MaxText - 1)] + "…"),
        ];
        foreach (var (text, _, _) in cases) await desk.AddCommentAsync(1, text, requester: "=1+1");
        var csv = ExportFile.ReadCsv(await ExportFile.FromAsync(desk, "/tickets/comments.csv"));
        Assert.Equal(cases.Select(c => $"message '=1+1 {c.Csv}"), csv.Skip(1).Select(row => $"{row[2]} {row[3]} {row[6]}"));

        var file = await ExportFile.FromAsync(desk, "/tickets/export.xlsx");
        Assert.Equal(
            cases.Select(c => $"message =1+1 {c.Xlsx}"), ExportFile.ReadXlsx(file)[1].Skip(1).Select(row => $"{row[2]} {row[3]} {row[6]}"));
        var cells = ExportFile.Cells(file, sheet: 1);
        Assert.DoesNotContain(cells, cell => cell.Cell.CellFormula is not null);
        var texts = cells.Where(cell => cell.Cell.CellReference!.Value is ['C' or 'D' or 'G', .. var row] && row != "1").ToList();
        Assert.Equal(3 * cases.Length, texts.Count);
        Assert.All(texts, cell => Assert.Equal((CellValues.InlineString, "@"), (cell.Cell.DataType!.Value, cell.Format)));
    }

    private static string Joined(string[] cells) => string.Join('|', cells);

    private static string Row(Comment c) =>
        Joined([
            $"{c.TicketId}",
            $"{c.Id}",
            c.IsInternal ? "note" : c.IsFromRequester ? "message" : "reply",
            c.Author,
            Time(c.CreatedAt),
            Time(c.EditedAt),
            c.Body,
        ]);

    private static string Time(DateTime? time) => time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
}
