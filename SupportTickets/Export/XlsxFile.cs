using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace SupportTickets.Export;

/// <summary>
/// An Office Open XML workbook (ECMA-376), written forwards only. What is a text is typed as one, so that it never runs;
/// it keeps its spelling. Excel's limits: more rows than a sheet has go on on another sheet, longer texts are cut.
/// </summary>
internal sealed class XlsxFile : ITicketFile
{
    /// <summary>The most rows of a sheet in Excel.</summary>
    public const int MaxRows = 1_048_576;

    /// <summary>The most characters of a cell in Excel, in UTF-16 units.</summary>
    public const int MaxText = 32_767;

    private const int FlushBytes = 32 * 1024;

    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    private readonly Outbox _outbox;
    private readonly ZipArchive _archive;
    private readonly int _maxRows;
    private XmlWriter _xml = XmlWriter.Create(Stream.Null);
    private int _sheets, _row, _column;

    /// <summary>A workbook to be.</summary>
    /// <param name="stream">Where to; not closed.</param>
    /// <param name="maxRows">The most rows of a sheet, the names of the columns among them.</param>
    public XlsxFile(Stream stream, int maxRows = MaxRows)
    {
        _outbox = new(stream);
        _archive = new(_outbox, ZipArchiveMode.Create, leaveOpen: true);
        _maxRows = maxRows;
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancel)
    {
        Part("[Content_Types].xml", XlsxParts.ContentTypes);
        Part("_rels/.rels", XlsxParts.Relationships);
        Part("xl/styles.xml", XlsxParts.Styles);
        StartSheet();
        return _outbox.SendAsync(cancel);
    }

    /// <inheritdoc />
    public void StartRow()
    {
        if (_row == _maxRows)
        {
            EndSheet();
            StartSheet();
        }
        StartNextRow();
    }

    /// <inheritdoc />
    public void Text(string text) => Text(text, XlsxParts.TextStyle);

    /// <inheritdoc />
    public void Number(int? number) => Value(number?.ToString(CultureInfo.InvariantCulture), style: null);

    /// <inheritdoc />
    /// <remarks>A time is a number of days: cut to the second first, because a fraction of it would be rounded up now and then.</remarks>
    public void Time(DateTime? time) =>
        Value(time?.AddTicks(-(time.Value.Ticks % TimeSpan.TicksPerSecond)).ToOADate().ToString("R", CultureInfo.InvariantCulture), XlsxParts.TimeStyle);

    /// <inheritdoc />
    public async ValueTask EndRowAsync(CancellationToken cancel)
    {
        _xml.WriteEndElement();
        if (_outbox.Waiting >= FlushBytes) await _outbox.SendAsync(cancel);
    }

    /// <inheritdoc />
    public Task FinishAsync(CancellationToken cancel)
    {
        EndSheet();
        Part("xl/workbook.xml", XlsxParts.Workbook(_sheets));
        Part("xl/_rels/workbook.xml.rels", XlsxParts.WorkbookRelationships(_sheets));
        _archive.Dispose();
        return _outbox.SendAsync(cancel);
    }

    /// <inheritdoc />
    /// <remarks>Leaves the archive as it is: it is its directory, the last thing that <see cref="FinishAsync"/> writes, that makes it one.</remarks>
    public ValueTask DisposeAsync()
    {
        _xml.Dispose();
        return _outbox.DisposeAsync();
    }

    private void StartSheet()
    {
        _sheets++;
        _row = 0;
        var sheet = _archive.CreateEntry($"xl/worksheets/sheet{_sheets}.xml", CompressionLevel.Fastest).Open();
        _xml = XmlWriter.Create(sheet, new() { Encoding = new UTF8Encoding(false), NewLineHandling = NewLineHandling.Entitize, CloseOutput = true });
        _xml.WriteStartElement("worksheet", Main);
        _xml.WriteRaw(XlsxParts.FrozenHead);
        _xml.WriteStartElement("cols", Main);
        foreach (var (index, column) in ExportColumn.All.Index())
        {
            _xml.WriteStartElement("col", Main);
            foreach (var (name, value) in ((string, int)[])[("min", index + 1), ("max", index + 1), ("width", column.Width), ("customWidth", 1)])
                _xml.WriteAttributeString(name, value.ToString(CultureInfo.InvariantCulture));
            _xml.WriteEndElement();
        }
        _xml.WriteEndElement();
        _xml.WriteStartElement("sheetData", Main);
        StartNextRow();
        foreach (var column in ExportColumn.All) Text(column.Name, XlsxParts.HeadStyle);
        _xml.WriteEndElement();
    }

    private void EndSheet()
    {
        _xml.WriteEndElement();
        _xml.WriteStartElement("autoFilter", Main);
        _xml.WriteAttributeString("ref", $"A1:{XlsxParts.Letter(ExportColumn.All.Count - 1)}{_row}");
        _xml.WriteEndElement();
        _xml.WriteEndElement();
        _xml.Dispose();
    }

    private void StartNextRow()
    {
        _row++;
        _column = 0;
        _xml.WriteStartElement("row", Main);
        _xml.WriteAttributeString("r", _row.ToString(CultureInfo.InvariantCulture));
    }

    private void Text(string text, string style)
    {
        StartCell(style);
        _xml.WriteAttributeString("t", "inlineStr");
        _xml.WriteStartElement("is", Main);
        _xml.WriteStartElement("t", Main);
        _xml.WriteAttributeString("xml", "space", null, "preserve");
        _xml.WriteString(XlsxParts.Spell(text));
        _xml.WriteEndElement();
        _xml.WriteEndElement();
        _xml.WriteEndElement();
    }

    private void Value(string? value, string? style)
    {
        if (value is null)
        {
            _column++;
            return;
        }
        StartCell(style);
        _xml.WriteElementString("v", Main, value);
        _xml.WriteEndElement();
    }

    private void StartCell(string? style)
    {
        _xml.WriteStartElement("c", Main);
        _xml.WriteAttributeString("r", string.Create(CultureInfo.InvariantCulture, $"{XlsxParts.Letter(_column++)}{_row}"));
        if (style is not null) _xml.WriteAttributeString("s", style);
    }

    private void Part(string name, string content)
    {
        using var part = _archive.CreateEntry(name, CompressionLevel.Fastest).Open();
        part.Write(Encoding.UTF8.GetBytes(content));
    }
}
