using System.Text.RegularExpressions;
using SpreadCheetah;
using SpreadCheetah.Styling;
using SpreadCheetah.Tables;
using SpreadCheetah.Worksheets;

namespace SupportTickets.Export;

/// <summary>
/// An Office Open XML workbook (ECMA-376), written as a stream. Each table has a sheet of its own. Texts are text cells in text
/// format: Excel never reads one as a formula, not even after an edit. Excel's limits: rows that do not fit on a sheet go on a further
/// sheet, and longer texts are cut.
/// </summary>
/// <param name="stream">Where to; not closed.</param>
/// <param name="maxRows">The most rows of a sheet, including the header row.</param>
internal sealed partial class XlsxFile(Stream stream, int maxRows = XlsxFile.MaxRows) : ITableFile
{
    /// <summary>The most rows of a sheet in Excel.</summary>
    public const int MaxRows = 1_048_576;

    /// <summary>The most characters of a cell in Excel, in UTF-16 units.</summary>
    public const int MaxText = 32_767;

    private static readonly SpreadCheetahOptions Options = new()
    {
        BufferSize = 32 * 1024,
        DefaultDateTimeFormat = null, // each cell of a time has its own
        DocumentProperties = null,
        PreserveStringWhitespace = true,
        WriteCellReferenceAttributes = true, // some readers need them, such as Excel's OLE DB provider
    };

    private readonly WriteBuffer _buffer = new(stream);
    private Spreadsheet? _book;
    private StyleId? _head, _text, _time;
    private string _table = "";
    private IReadOnlyList<ExportColumn> _columns = [];
    private StyledCell[] _cells = [];
    private int _sheets, _column; // of the table, of the row

    private Spreadsheet Book => _book ?? throw new InvalidOperationException("The file has not been started.");

    /// <inheritdoc />
    public async Task StartAsync(string name, IReadOnlyList<ExportColumn> columns, CancellationToken cancel)
    {
        if (_book is null) await StartBookAsync(cancel);
        else await EndTableAsync(cancel);
        (_table, _columns, _cells, _sheets) = (name, columns, new StyledCell[columns.Count], 0);
    }

    /// <inheritdoc />
    public void Text(string text) => _cells[_column++] = new(Spell(text), _text);

    /// <inheritdoc />
    public void Number(int? number) => _cells[_column++] = new(number, null);

    /// <inheritdoc />
    /// <remarks>Cut to the second, because Excel would round a fraction of it up now and then.</remarks>
    public void Time(DateTime? time) => _cells[_column++] = new(time?.AddTicks(-(time.Value.Ticks % TimeSpan.TicksPerSecond)), _time);

    /// <inheritdoc />
    public async ValueTask EndRowAsync(CancellationToken cancel)
    {
        if (_sheets == 0 || Book.NextRowNumber > maxRows) await StartSheetAsync(isEmpty: false, cancel);
        await Book.AddRowAsync(_cells.AsMemory(0, _column), cancel);
        _column = 0;
    }

    /// <inheritdoc />
    public async Task FinishAsync(CancellationToken cancel)
    {
        await EndTableAsync(cancel);
        await Book.FinishAsync(cancel);
        await _buffer.FlushAsync(cancel);
    }

    /// <inheritdoc />
    /// <remarks>
    /// The buffer goes first: the library completes the archive even of an unfinished workbook, and those bytes must not be sent.
    /// </remarks>
    public async ValueTask DisposeAsync()
    {
        await _buffer.DisposeAsync();
        if (_book is not null) await _book.DisposeAsync();
    }

    private async Task StartBookAsync(CancellationToken cancel)
    {
        _book = await Spreadsheet.CreateNewAsync(_buffer, Options, cancel);
        _head = _book.AddStyle(new() { Font = new() { Bold = true } });
        _text = _book.AddStyle(new() { Format = NumberFormat.Standard(StandardNumberFormat.Text) });
        _time = _book.AddStyle(new() { Format = NumberFormat.Custom(@"yyyy\-mm\-dd\ hh:mm:ss") });
    }

    private async Task EndTableAsync(CancellationToken cancel)
    {
        if (_sheets == 0) await StartSheetAsync(isEmpty: true, cancel);
    }

    // A filter has to name its last row, which is known only at the end. The library writes it at the end if it belongs to a table,
    // and a table without rows is not valid.
    private async Task StartSheetAsync(bool isEmpty, CancellationToken cancel)
    {
        var number = ++_sheets == 1 ? "" : $" {_sheets}";
        var sheet = new WorksheetOptions { FrozenRows = 1 };
        foreach (var (index, column) in _columns.Index()) sheet.Column(index + 1).Width = column.Width;
        await Book.StartWorksheetAsync(_table + number, sheet, cancel);
        if (!isEmpty) Book.StartTable(new Table(TableStyle.None, _table + number.Replace(' ', '_')));
        await Book.AddHeaderRowAsync(_columns.Select(column => column.Name).ToArray(), _head, cancel);
    }

    // Cuts a text that is too long for a cell and ends it with an ellipsis. Escapes or replaces what XML cannot hold.
    private static string Spell(string text)
    {
        if (text.Length > MaxText)
        {
            var end = MaxText - 1;
            text = string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
        }
        return Unsafe().Replace(text, match => match.Value switch { "_" => "_x005F_", "\r" => "_x000D_", _ => "\uFFFD" });
    }

    // Text that looks like an escaped character (ECMA-376, 22.9.2.19), carriage returns, which readers of XML change, and
    // characters that XML does not allow. The library itself replaces lone surrogates.
    [GeneratedRegex("_(?=x[0-9A-Fa-f]{4}_)|[\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]", RegexOptions.CultureInvariant)]
    private static partial Regex Unsafe();
}
