using System.Globalization;
using System.Text.RegularExpressions;
using CsvHelper;

namespace SupportTickets.Export;

/// <summary>
/// CSV according to RFC 4180, in UTF-8 with a byte order mark, by which Excel recognizes it. Lines end with CR LF, and every text
/// is quoted. It has one table, and no place for its name.
/// </summary>
internal sealed partial class CsvFile(Stream stream) : ITableFile
{
    private readonly CsvWriter _csv = CsvWriter.Create(
        stream, new CsvWriterOptions { WriteByteOrderMark = true, BufferSize = 32 * 1024 }, leaveOpen: true);

    /// <inheritdoc />
    public async Task StartAsync(string name, IReadOnlyList<ExportColumn> columns, CancellationToken cancel)
    {
        foreach (var column in columns) Text(column.Name);
        await _csv.EndRecordAsync(cancel);
    }

    /// <inheritdoc />
    public void Text(string text) => _csv.WriteField(Harmless(text), CsvQuoting.Always);

    /// <inheritdoc />
    public void Number(int? number) => _csv.WriteField(number?.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc />
    public void Time(DateTime? time) => _csv.WriteField(time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));

    /// <inheritdoc />
    public async ValueTask EndRowAsync(CancellationToken cancel) => await _csv.EndRecordAsync(cancel);

    /// <inheritdoc />
    public async Task FinishAsync(CancellationToken cancel) => await _csv.FlushAsync(cancel);

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await _csv.DisposeAsync();

    /// <summary>
    /// Puts an apostrophe before everything that a spreadsheet could read as a formula: at the start of the cell, and after each
    /// separator and line break in it, where a program that splits by another separator would start a new cell.
    /// </summary>
    internal static string Harmless(string text) => FormulaStart().Replace(text, "'");

    // Matches = + - @, their full-width and small forms and the minus sign, also after quotes and invisible characters, and a cell
    // that begins with a tab or a line break. Invisible are spaces, controls, format characters, and the characters that Unicode
    // lists as ignorable beside these: fillers, joiners, variation selectors and tags (DerivedCoreProperties,
    // Default_Ignorable_Code_Point). Tabs and line breaks start a cell themselves: if the pattern skipped them too, a text of
    // nothing else would take quadratic time.
    [GeneratedRegex("""
        (?:^|(?<=[,;\t\r\n]))
        (?=
            (?> (?: [\p{Z}\p{Cc}\p{Cf}'"-[\t\r\n]]
              | [\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2065\u2800\u3164\uFE00-\uFE0F\uFFA0\uFFF0-\uFFF8]
              | \uD804[\uDCBD\uDCCD] | \uD80D[\uDC30-\uDC3F] | \uD82F[\uDCA0-\uDCA3] | \uD834[\uDD73-\uDD7A]
              | [\uDB40-\uDB43][\uDC00-\uDFFF] )* )
            [=+\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B\u2212]
        )
        | ^(?=[\t\r\n])
        """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex FormulaStart();
}
