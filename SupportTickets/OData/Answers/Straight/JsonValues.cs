using System.Buffers.Text;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;

namespace SupportTickets.OData.Answers.Straight;

/// <summary>
/// Values in JSON, byte for byte as the library's ODataUtf8JsonWriter writes them (its version 8.4): fractions always have a point or
/// an exponent, times have no trailing zeros, and texts are escaped as little as JSON allows.
/// </summary>
internal static class JsonValues
{
    /// <summary>How the library escapes.</summary>
    public static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A name or text for repeated use.</summary>
    public static JsonEncodedText Encoded(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    /// <summary>Writes a property.</summary>
    public static void Write(Utf8JsonWriter json, JsonEncodedText name, string value, RowFormat format) => json.WriteString(name, value);

    /// <inheritdoc cref="Write(Utf8JsonWriter, JsonEncodedText, string, RowFormat)"/>
    public static void Write(Utf8JsonWriter json, JsonEncodedText name, bool value, RowFormat format) => json.WriteBoolean(name, value);

    /// <inheritdoc cref="Write(Utf8JsonWriter, JsonEncodedText, string, RowFormat)"/>
    public static void Write(Utf8JsonWriter json, JsonEncodedText name, int value, RowFormat format) => json.WriteNumber(name, value);

    /// <inheritdoc cref="Write(Utf8JsonWriter, JsonEncodedText, string, RowFormat)"/>
    public static void Write(Utf8JsonWriter json, JsonEncodedText name, long value, RowFormat format)
    {
        if (format.LongsAsText) json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
        else json.WriteNumber(name, value);
    }

    /// <inheritdoc cref="Write(Utf8JsonWriter, JsonEncodedText, string, RowFormat)"/>
    public static void Write(Utf8JsonWriter json, JsonEncodedText name, decimal value, RowFormat format)
    {
        if (format.LongsAsText) json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
        else json.WriteNumber(name, value);
    }

    /// <inheritdoc cref="Write(Utf8JsonWriter, JsonEncodedText, string, RowFormat)"/>
    public static void Write(Utf8JsonWriter json, JsonEncodedText name, float value, RowFormat format)
    {
        if (float.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteString(name, NotFinite(value));
    }

    /// <inheritdoc cref="Write(Utf8JsonWriter, JsonEncodedText, string, RowFormat)"/>
    public static void Write(Utf8JsonWriter json, JsonEncodedText name, double value, RowFormat format)
    {
        if (!double.IsFinite(value))
        {
            json.WriteString(name, NotFinite(value));
            return;
        }
        Span<char> text = stackalloc char[34];
        _ = value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        if (text[..length].IndexOfAny('.', 'e', 'E') < 0)
        {
            ".0".CopyTo(text[length..]);
            length += 2;
        }
        json.WritePropertyName(name);
        json.WriteRawValue(text[..length], skipInputValidation: true);
    }

    /// <summary>Writes a property. Every time of the desk is UTC, whatever the database says of its kind.</summary>
    public static void Write(Utf8JsonWriter json, JsonEncodedText name, DateTime value, RowFormat format) =>
        json.WriteString(name, DateTime.SpecifyKind(value, DateTimeKind.Utc));

    /// <inheritdoc cref="Write(Utf8JsonWriter, JsonEncodedText, string, RowFormat)"/>
    public static void Write(Utf8JsonWriter json, JsonEncodedText name, DateOnly value, RowFormat format)
    {
        Span<byte> text = stackalloc byte[10];
        _ = value.TryFormat(text, out var length, "O", CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }

    /// <inheritdoc cref="Write(Utf8JsonWriter, JsonEncodedText, string, RowFormat)"/>
    public static void Write(Utf8JsonWriter json, JsonEncodedText name, TimeOnly value, RowFormat format)
    {
        Span<byte> text = stackalloc byte[16];
        _ = value.TryFormat(text, out var length, "O", CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }

    /// <inheritdoc cref="Write(Utf8JsonWriter, JsonEncodedText, string, RowFormat)"/>
    public static void Write(Utf8JsonWriter json, JsonEncodedText name, TimeSpan value, RowFormat format) =>
        json.WriteString(name, XmlConvert.ToString(value));

    /// <summary>Writes a member of an enumeration.</summary>
    public static void WriteMember<T>(Utf8JsonWriter json, JsonEncodedText name, T value, RowFormat format)
        where T : struct, Enum
    {
        if (Members<T>.Texts.TryGetValue(value, out var text)) json.WriteString(name, text);
        else json.WriteString(name, value.ToString());
    }

    /// <summary>Writes the ETag that belongs to a version (<see cref="Request.ETags"/>).</summary>
    public static void WriteETag(Utf8JsonWriter json, JsonEncodedText name, long version)
    {
        Span<byte> text = stackalloc byte[24];
        "W/\""u8.CopyTo(text);
        _ = Utf8Formatter.TryFormat(version, text[3..], out var digits);
        text[3 + digits] = (byte)'"';
        json.WriteString(name, text[..(digits + 4)]);
    }

    private static string NotFinite(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "INF" : "-INF";

    private static class Members<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, JsonEncodedText> Texts =
            Enum.GetValues<T>().Distinct().ToDictionary(value => value, value => Encoded(value.ToString()));
    }
}
