using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Export;

/// <summary>An exported file, read by the libraries that others read such files with.</summary>
internal static class ExportFile
{
    /// <summary>How a workbook shows times.</summary>
    public const string TimeFormat = @"yyyy\-mm\-dd\ hh:mm:ss";

    /// <summary>A file that a desk gives.</summary>
    public static async Task<byte[]> FromAsync(Desk desk, string url)
    {
        using var answer = await desk.Client.GetAsync(url, TestContext.Current.CancellationToken);
        Assert.Equal((url, HttpStatusCode.OK), (url, answer.StatusCode));
        return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The records of a CSV file, the names of its columns first.</summary>
    public static List<string[]> ReadCsv(byte[] file)
    {
        Assert.Equal(Encoding.UTF8.GetPreamble(), file[..3]);
        using var reader = CsvReader.Create(new MemoryStream(file), new CsvReaderOptions { HasHeader = false });
        var records = new List<string[]>();
        while (reader.Read()) records.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        return records;
    }

    /// <summary>The rows of all sheets of a workbook, spelled as in CSV; texts as Excel shows them.</summary>
    /// <param name="file">The workbook.</param>
    /// <param name="validate">Whether it has to be valid. That takes long for many rows, and a small one shows it as well.</param>
    public static List<List<string[]>> ReadXlsx(byte[] file, bool validate = true)
    {
        using var document = SpreadsheetDocument.Open(new MemoryStream(file), isEditable: false);
        if (validate)
            Assert.Empty(
                new OpenXmlValidator().Validate(document).Select(error => $"{error.Part?.Uri} {error.Path?.XPath}: {error.Description}"));
        var book = document.WorkbookPart!;
        return [.. Sheets(book).Select(sheet => Rows(book, sheet))];
    }

    /// <summary>All texts of a workbook.</summary>
    public static string TextOf(byte[] file) => string.Join(
        '\n', ReadXlsx(file, validate: false).SelectMany(sheet => sheet).Select(row => string.Join('|', row)));

    /// <summary>The cells of a sheet, each with the code of its number format.</summary>
    public static List<(Cell Cell, string Format)> Cells(byte[] file, int sheet = 0)
    {
        using var document = SpreadsheetDocument.Open(new MemoryStream(file), isEditable: false);
        var book = document.WorkbookPart!;
        var cells = Sheets(book)[sheet].Worksheet!.Descendants<Cell>();
        return [.. cells.Select(cell => ((Cell)cell.CloneNode(deep: true), Format(book, cell)))];
    }

    /// <summary>The names of the sheets of a workbook, in their order.</summary>
    public static List<string> Names(byte[] file)
    {
        using var document = SpreadsheetDocument.Open(new MemoryStream(file), isEditable: false);
        return [.. document.WorkbookPart!.Workbook!.Sheets!.Elements<Sheet>().Select(sheet => sheet.Name!.Value!)];
    }

    /// <summary>The sheets of a workbook, in their order.</summary>
    public static List<WorksheetPart> Sheets(WorkbookPart book) =>
        [.. book.Workbook!.Sheets!.Elements<Sheet>().Select(sheet => (WorksheetPart)book.GetPartById(sheet.Id!))];

    private static List<string[]> Rows(WorkbookPart book, WorksheetPart sheet)
    {
        var rows = sheet.Worksheet!.Descendants<Row>().ToList();
        var columns = rows[0].Elements<Cell>().Count();
        // Where there is nothing to filter there is no filter.
        var table = sheet.TableDefinitionParts.SingleOrDefault()?.Table;
        Assert.Equal(rows.Count == 1 ? null : $"A1:{(char)('A' + columns - 1)}{rows.Count}", table?.AutoFilter?.Reference?.Value);
        Assert.Equal(table?.Reference?.Value, table?.AutoFilter?.Reference?.Value);
        Assert.Equal(1, sheet.Worksheet.Descendants<Pane>().Single().VerticalSplit!.Value);
        return [.. rows.Select(row =>
        {
            var texts = Enumerable.Repeat("", columns).ToArray();
            foreach (var cell in row.Elements<Cell>()) texts[cell.CellReference!.Value![0] - 'A'] = Text(book, cell);
            return texts;
        })];
    }

    private static string Text(WorkbookPart book, Cell cell)
    {
        if (cell.DataType is { } type)
        {
            Assert.Equal(CellValues.InlineString, type.Value);
            return Regex.Replace(
                cell.InlineString!.Text!.Text, "_x([0-9A-F]{4})_", match => ((char)Convert.ToInt32(match.Groups[1].Value, 16)).ToString());
        }
        if (cell.CellValue is null) return "";
        var number = double.Parse(cell.CellValue.Text, CultureInfo.InvariantCulture);
        return Format(book, cell) == TimeFormat
            ? DateTime.FromOADate(number).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : number.ToString(CultureInfo.InvariantCulture);
    }

    private static string Format(WorkbookPart book, Cell cell)
    {
        var styles = book.WorkbookStylesPart!.Stylesheet!;
        var format = styles.CellFormats!.Elements<CellFormat>().ElementAt((int)(cell.StyleIndex?.Value ?? 0));
        return format.NumberFormatId!.Value switch
        {
            0 => "General",
            49 => "@",
            var id => styles.NumberingFormats!.Elements<NumberingFormat>()
                .Single(own => own.NumberFormatId!.Value == id).FormatCode!.Value!,
        };
    }
}
