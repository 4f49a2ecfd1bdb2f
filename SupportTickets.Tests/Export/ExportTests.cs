using System.Globalization;
using System.IO.Compression;
using System.Net;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Export;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;
using SupportTickets.Tests.Pages;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Export;

public sealed class ExportTests
{
    private const string Agent = "Ada Lovelace";

    private static readonly string[] Columns =
    [
        "Id",
        "Title",
        "Description",
        "Category",
        "Priority",
        "Status",
        "Sentiment",
        "Urgency",
        "Channel",
        "Created (UTC)",
        "Updated (UTC)",
        "Resolved (UTC)",
        "Minutes to resolve",
        "Times reopened",
        "Version",
        "Assignee",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_file_has_every_row_of_the_list_in_its_order_whatever_is_filtered(Provider provider)
    {
        await using var feed = await FeedDesk.StartAsync(provider, new ManualClock(ManualClock.Monday));
        await feed.SeedAsync(230);
        var agent = await feed.Desk.AddPersonAsync(Role.agent, Agent);
        await using (var db = feed.Desk.Database.Open())
            await db.Tickets.Where(t => t.Id % 3 == 0).ExecuteUpdateAsync(set => set.SetProperty(t => t.AssigneeId, agent.Id), Cancel);
        var site = new Site(feed.Desk);
        var stored = (await feed.Desk.TicketsAsync()).ToDictionary(t => t.Id);
        string[] queries =
        [
            "",
            "?assignee=none&sort=status",
            $"?assignee={agent.Id}",
            "?status=open&sort=-urgency",
            "?search=ticket+1&category=technical&sort=priority",
            "?sentiment=angry&priority=high&sort=-status",
            "?sort=category",
            "?sort=created",
            "?search=nowhere",
        ];
        foreach (var query in queries)
        {
            var ids = new List<int>();
            for (string? url = $"/tickets{query}"; url is not null;)
            {
                var page = await site.GetAsync(url);
                ids.AddRange(page.Texts("tbody .col-id").Select(id => int.Parse(id[1..])));
                url = page.Document.QuerySelector("a[rel=next]") is null ? null : page.Href("a[rel=next]");
            }
            feed.Forget();
            var csv = ExportFile.ReadCsv(await ExportFile.FromAsync(feed.Desk, $"/tickets/export.csv{query}"));
            Assert.Single(feed.Sql);
            var rows = ids.Select(id => Row(stored[id])).ToList();
            Assert.Equal(Columns, csv[0]);
            Assert.Equal((query, string.Join('\n', rows)), (query, string.Join('\n', csv.Skip(1).Select(Joined))));
            Assert.Equal(csv, ExportFile.ReadXlsx(await ExportFile.FromAsync(feed.Desk, $"/tickets/export.xlsx{query}"))[0]);
        }
    }

    [Fact]
    public async Task The_list_links_to_the_files_of_what_it_shows()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, new ManualClock(ManualClock.Monday));
        await desk.AddTicketAsync("Füße, \"Größe\"; 名前", priority: Priority.high);
        await desk.AddCommentAsync((await desk.AddTicketAsync("Another")).Id, "Not of the list");
        await desk.AddCommentAsync(1, "An answer");
        var page = await new Site(desk).GetAsync("/tickets?priority=high&search=f%C3%BC&sort=-urgency");
        Assert.Equal(["CSV", "XLSX", "Comments"], page.Texts(".exports a"));
        foreach (var (link, name, type, rows) in ((string, string, string, string[])[])
        [
            (".exports a:nth-of-type(1)", "tickets-2026-11-23.csv", "text/csv; charset=utf-8", ["Füße, \"Größe\"; 名前"]),
            (
                ".exports a:nth-of-type(2)", "tickets-2026-11-23.xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ["Füße, \"Größe\"; 名前", "An answer"]),
            (".exports a:nth-of-type(3)", "comments-2026-11-23.csv", "text/csv; charset=utf-8", ["An answer"]),
        ])
        {
            using var answer = await desk.Client.GetAsync(page.Href(link), Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(type, answer.Content.Headers.ContentType!.ToString());
            Assert.Equal($"attachment; filename={name}", answer.Content.Headers.ContentDisposition!.ToString());
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.True(answer.Headers.CacheControl!.NoStore);
            var file = await answer.Content.ReadAsByteArrayAsync(Cancel);
            List<List<string[]>> tables = name.EndsWith("csv", StringComparison.Ordinal)
                ? [ExportFile.ReadCsv(file)] : ExportFile.ReadXlsx(file);
            var texts = tables.SelectMany(table => table.Skip(1)).Select(row => row.Length == Columns.Length ? row[1] : row[^1]);
            Assert.Equal(rows, texts);
            using var head = await desk.Client.SendAsync(new(HttpMethod.Head, page.Href(link)), Cancel);
            Assert.Equal(
                (HttpStatusCode.OK, $"attachment; filename={name}"),
                (head.StatusCode, head.Content.Headers.ContentDisposition!.ToString()));
        }
    }

    [Fact]
    public async Task What_cannot_be_meant_or_may_not_be_read_is_a_page_that_says_so_and_no_file()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: ("ACCESS", "submit"));
        using var viewer = await desk.SignedInAsync(Role.viewer);
        foreach (var file in (string[])["export.csv", "export.xlsx", "comments.csv"])
        {
            foreach (var query in (string[])["status=nope", "sort=title", "search=a%00"])
            {
                using var answer = await viewer.GetAsync($"/tickets/{file}?{query}", Cancel);
                Assert.Equal(
                    (query, HttpStatusCode.BadRequest, "text/html"),
                    (query, answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
                Assert.Null(answer.Content.Headers.ContentDisposition);
            }
            Assert.Contains(
                "There is no status “nope”",
                WebUtility.HtmlDecode(
                    await (await viewer.GetAsync($"/tickets/{file}?status=nope", Cancel)).Content.ReadAsStringAsync(Cancel)));
            using var stranger = await desk.NewClient().GetAsync($"/tickets/{file}", Cancel);
            Assert.Equal(
                (HttpStatusCode.Redirect, true),
                (stranger.StatusCode, stranger.Headers.Location!.ToString().StartsWith("/sign-in", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_sheet_that_is_full_goes_on_on_another_and_a_longer_text_than_a_cell_holds_ends_in_an_ellipsis()
    {
        using var stream = new MemoryStream();
        await using (var file = new XlsxFile(stream, maxRows: 3))
        {
            await file.StartAsync("Tickets", ExportedTicket.Columns, Cancel);
            foreach (var text in (string[])
            [
                "one",
                new string('x', XlsxFile.MaxText),
                new string('x', XlsxFile.MaxText + 1),
                new string('x', XlsxFile.MaxText - 2) + "😀😀",
            ])
            {
                file.Text(text);
                await file.EndRowAsync(Cancel);
            }
            await file.StartAsync("Comments", ExportedComment.Columns, Cancel);
            for (var i = 1; i <= 5; i++)
            {
                file.Number(i);
                await file.EndRowAsync(Cancel);
            }
            await file.FinishAsync(Cancel);
        }
        var sheets = ExportFile.ReadXlsx(stream.ToArray());
        Assert.Equal(["Tickets", "Tickets 2", "Comments", "Comments 2", "Comments 3"], ExportFile.Names(stream.ToArray()));
        Assert.Equal(["1", "2", "3", "4", "5"], sheets.Skip(2).SelectMany(sheet => sheet.Skip(1)).Select(row => row[0]));
        Assert.All(sheets.Skip(2), sheet => Assert.Equal("Ticket", sheet[0][0]));
        Assert.Equal([3, 3, 3, 3, 2], sheets.Select(sheet => sheet.Count));
        Assert.Equal(Columns, sheets[1][0]);
        Assert.Equal(["one", new string('x', XlsxFile.MaxText)], sheets[0].Skip(1).Select(row => row[0]));
        Assert.Equal(
            [new string('x', XlsxFile.MaxText - 1) + "…", new string('x', XlsxFile.MaxText - 2) + "…"],
            sheets[1].Skip(1).Select(row => row[0]));
    }

    [Fact]
    public async Task A_workbook_names_its_columns_in_bold_with_their_widths_and_shows_times_as_such()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, new ManualClock(ManualClock.Monday.AddTicks(9_999_999)));
        await desk.AddTicketAsync("One");
        await desk.AddTicketAsync("Two");
        await desk.AddCommentAsync(1, "A reply");
        var file = await ExportFile.FromAsync(desk, "/tickets/export.xlsx");
        using var document = SpreadsheetDocument.Open(new MemoryStream(file), isEditable: false);
        var book = document.WorkbookPart!;
        Assert.Equal(["Tickets", "Comments"], ExportFile.Names(file));
        IReadOnlyList<ExportColumn>[] columns = [ExportedTicket.Columns, ExportedComment.Columns];
        foreach (var (at, sheet) in ExportFile.Sheets(book).Index())
        {
            Assert.Equal(ExportFile.Names(file)[at], sheet.TableDefinitionParts.Single().Table!.Name!.Value);
            Assert.Equal(
                columns[at].Select(column => (double)column.Width),
                sheet.Worksheet!.Descendants<Column>()
                    .SelectMany(c => Enumerable.Repeat(c.Width!.Value, (int)(c.Max!.Value - c.Min!.Value + 1))));
        }
        var styles = book.WorkbookStylesPart!.Stylesheet!;
        var fonts = styles.Fonts!.Elements<Font>().ToList();
        var bold = styles.CellFormats!.Elements<CellFormat>().Select(format => fonts[(int)format.FontId!.Value].Bold is not null).ToList();
        Assert.All(ExportFile.Cells(file).Concat(ExportFile.Cells(file, sheet: 1)), cell => Assert.Equal(
            cell.Cell.CellReference!.Value is [_, '1'], bold[(int)(cell.Cell.StyleIndex?.Value ?? 0)]));
        var created = ExportFile.Cells(file).Single(cell => cell.Cell.CellReference == "J2");
        Assert.Equal(ExportFile.TimeFormat, created.Format);
        // To the second: a fraction would be rounded up where it is shown.
        Assert.Equal("2026-11-23 14:30:00", ExportFile.ReadXlsx(file)[0][1][9]);
    }

    [Fact]
    public async Task A_workbook_that_was_not_finished_is_none()
    {
        using var stream = new MemoryStream();
        await using (var file = new XlsxFile(stream))
        {
            await file.StartAsync("Tickets", ExportedTicket.Columns, Cancel);
            for (var i = 0; i < 5_000; i++)
            {
                file.Number(i);
                file.Text($"{Guid.NewGuid()}");
                await file.EndRowAsync(Cancel);
            }
        }
        Assert.InRange(stream.Length, 32 * 1024, long.MaxValue);
        Assert.Throws<InvalidDataException>(() => new ZipArchive(stream));
    }

    private static string Joined(string[] cells) => string.Join('|', cells);

    private static string Row(Ticket t) =>
        Joined([
            $"{t.Id}",
            t.Title,
            t.Description,
            $"{t.Category}",
            $"{t.Priority}",
            $"{t.Status}",
            $"{t.Sentiment}",
            $"{t.UrgencyScore}",
            $"{t.Channel}",
            Time(t.CreatedAt),
            Time(t.UpdatedAt),
            Time(t.ResolvedAt),
            $"{t.ResolutionMinutes}",
            $"{t.ReopenCount}",
            $"{t.Version}",
            t.AssigneeId is null ? "" : Agent,
    ]);

    private static string Time(DateTime? time) => time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
}
