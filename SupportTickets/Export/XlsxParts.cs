using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace SupportTickets.Export;

/// <summary>What is the same in every workbook, and how its texts are spelled.</summary>
internal static partial class XlsxParts
{
    /// <summary>The style of a text: one that stays a text when somebody edits its cell, as if typed behind an apostrophe.</summary>
    public const string TextStyle = "1";

    /// <summary>The style of a moment.</summary>
    public const string TimeStyle = "2";

    /// <summary>The style of the names of the columns.</summary>
    public const string HeadStyle = "3";

    /// <summary>The first row stays while the others move.</summary>
    public const string FrozenHead = """<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>""";

    /// <summary>[Content_Types].xml; a part that is not named is a sheet.</summary>
    public const string ContentTypes = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
        <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
        <Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
        <Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
        <Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>
        </Types>
        """;

    /// <summary>_rels/.rels</summary>
    public const string Relationships = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
        <Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>
        </Relationships>
        """;

    /// <summary>xl/styles.xml</summary>
    public const string Styles = """
        <?xml version="1.0" encoding="UTF-8"?>
        <styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
        <numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts>
        <fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
        <fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
        <borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
        <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
        <cellXfs count="4">
        <xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
        <xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>
        <xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
        <xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>
        </cellXfs>
        </styleSheet>
        """;

    /// <summary>xl/workbook.xml</summary>
    public static string Workbook(int sheets) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
        <sheets>{string.Concat(Enumerable.Range(1, sheets).Select(n => $"<sheet name=\"Tickets{(n == 1 ? "" : $" {n}")}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>"))}</sheets>
        </workbook>
        """;

    /// <summary>xl/_rels/workbook.xml.rels</summary>
    public static string WorkbookRelationships(int sheets) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
        {string.Concat(Enumerable.Range(1, sheets).Select(n => $"<Relationship Id=\"rId{n}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"))}
        <Relationship Id="rId{sheets + 1}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>
        </Relationships>
        """;

    /// <summary>The letter of a column, from 0 to 25.</summary>
    public static string Letter(int column) => ((char)('A' + column)).ToString();

    /// <summary>
    /// A text as a cell can hold it: at most <see cref="XlsxFile.MaxText"/> with an ellipsis at the end of one that was longer,
    /// U+FFFD for what XML has no character for, and what reads like the escape of a character (ECMA-376, 22.9.2.19) escaped.
    /// </summary>
    public static string Spell(string text)
    {
        if (text.Length > XlsxFile.MaxText)
        {
            var end = XlsxFile.MaxText - 1;
            text = string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
        }
        return Escape().Replace(IsXml(text) ? text : WithoutStrangers(text), "_x005F_");
    }

    private static bool IsXml(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value)) return false;
        }
        return true;
    }

    // Half of a surrogate pair is enumerated as U+FFFD.
    private static string WithoutStrangers(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? Rune.ReplacementChar : rune);
        return clean.ToString();
    }

    [GeneratedRegex("_(?=x[0-9A-Fa-f]{4}_)", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
