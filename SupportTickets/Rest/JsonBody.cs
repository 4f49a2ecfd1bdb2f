using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using SupportTickets.Core;

namespace SupportTickets.Rest;

/// <summary>
/// Reads a JSON body token by token. The platform's document reader refuses lone surrogates, which are valid JSON (RFC 8259, 8.2)
/// and must reach the validator unchanged.
/// </summary>
internal static class JsonBody
{
    /// <summary>Far deeper than any client needs, and too little to cost much.</summary>
    private const int MaxDepth = 256;

    /// <summary>How much of a list or an object is kept for an error message, in bytes.</summary>
    private const int MaxEcho = 512;

    /// <summary>Reads a non-empty body in a charset.</summary>
    public static Result<BodyValues> Parse(ReadOnlySpan<byte> json, Encoding charset, BodyFields fields) =>
        charset.CodePage == Encoding.UTF8.CodePage ? Parse(json, fields)
        : charset.InUtf8(json) is { } utf8 ? Parse(utf8, fields)
        : Error($"The text is not valid {charset.WebName}.");

    private static Result<BodyValues> Parse(ReadOnlySpan<byte> json, BodyFields fields)
    {
        if (!Utf8.IsValid(json))
            return Error("The text is not valid UTF-8.");
        if (!json.ContainsAnyExcept(" \t\r\n"u8))
            return Error(NothingBut(json));
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            var result = Read(ref reader, json, fields);
            reader.Read(); // throws when anything follows
            return result;
        }
        catch (JsonException error)
        {
            return Error(string.Create(CultureInfo.InvariantCulture,
                $"Invalid JSON: line {error.LineNumber + 1} column {error.BytePositionInLine + 1}"));
        }
    }

    private static Result<BodyValues> Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, BodyFields fields)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return NoObject(ref reader);

        var values = new BodyValues();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text(ref reader);
            reader.Read();
            if (fields.Names.Contains(name))
                values[name] = Value(ref reader, json);
            else
                reader.Skip();
        }
        return values;
    }

    private static Supplied Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return Supplied.Null;
            case JsonTokenType.String:
                return Supplied.Of(Text(ref reader));
            case JsonTokenType.Number:
                return Supplied.Of(PythonNumber.Spell(reader.ValueSpan));
            case JsonTokenType.True:
                return Supplied.NotText("True");
            case JsonTokenType.False:
                return Supplied.NotText("False");
            default:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                var length = Math.Min((int)reader.BytesConsumed - start, MaxEcho);
                return Supplied.NotText(Encoding.UTF8.GetString(json.Slice(start, length)));
        }
    }

    private static NotAnObject NoObject(ref Utf8JsonReader reader)
    {
        var type = reader.TokenType switch
        {
            JsonTokenType.StartArray => "list",
            JsonTokenType.String => "str",
            JsonTokenType.Number => reader.ValueSpan.ContainsAny("eE."u8) ? "float" : "int",
            JsonTokenType.True or JsonTokenType.False => "bool",
            _ => null,
        };
        reader.Skip();
        return new NotAnObject(type is null ? "No data provided" : $"Invalid data. Expected a dictionary, but got {type}.");
    }

    /// <summary>The text of a string token, with lone surrogates unchanged. The reader has checked the escapes.</summary>
    private static string Text(ref Utf8JsonReader reader)
    {
        var rest = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
            return Encoding.UTF8.GetString(rest);
        var text = new StringBuilder(rest.Length);
        for (var at = rest.IndexOf((byte)'\\'); at >= 0; at = rest.IndexOf((byte)'\\'))
        {
            text.Append(Encoding.UTF8.GetString(rest[..at]));
            var escape = rest[at + 1];
            text.Append(escape == 'u'
                ? (char)ushort.Parse(rest.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : Unescape(escape));
            rest = rest[(at + (escape == 'u' ? 6 : 2))..];
        }
        return text.Append(Encoding.UTF8.GetString(rest)).ToString();
    }

    private static char Unescape(byte escape) => escape switch
    {
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        _ => (char)escape,
    };

    // The words and positions of the older system. White space alone is the only broken body that was recorded with them.
    private static string NothingBut(ReadOnlySpan<byte> space)
    {
        var line = space.Count((byte)'\n') + 1;
        var column = space.Length - space.LastIndexOf((byte)'\n');
        return string.Create(CultureInfo.InvariantCulture, $"Expecting value: line {line} column {column} (char {space.Length})");
    }

    private static Refused Error(string what) => new(StatusCodes.Status400BadRequest, $"JSON parse error - {what}");
}
