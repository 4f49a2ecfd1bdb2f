using System.Globalization;
using System.Text;
using System.Text.Json;
using SupportTickets.Core;
using SupportTickets.Http;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Writing;

/// <summary>
/// The JSON object of a request body, field by field as received. It does not use the library's deserializer, which turns a value
/// that does not parse into null and has error messages of its own.
/// </summary>
internal sealed class JsonFields
{
    private readonly List<string> _twice = [];
    private readonly Dictionary<string, IReadOnlyList<Supplied>> _lists = new(StringComparer.Ordinal);

    /// <summary>All fields but control information, in the order received. When a name occurs twice, the first counts.</summary>
    public Dictionary<string, Supplied> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// The control information (<c>@odata.etag</c>, <c>Title@odata.type</c>) by its name without <c>odata.</c>, which is optional
    /// in 4.01.
    /// </summary>
    public Dictionary<string, Supplied> Control { get; } = new(StringComparer.Ordinal);

    /// <summary>An error for each name that occurs more than once.</summary>
    public IEnumerable<ErrorDetail> Duplicates =>
        _twice.Select(name => new ErrorDetail("duplicate_property", "This property occurs twice.", name));

    /// <summary>Reads the body; throws a <see cref="FeedException"/> when it is not a JSON object.</summary>
    public static async Task<JsonFields> ReadAsync(HttpRequest request)
    {
        CheckType(request);
        await using var body = await RequestBody.ReadAsync(request, request.HttpContext.RequestAborted);
        return Parse(body.Bytes());
    }

    /// <summary>Reads a body that may be missing, which stands for an object without fields (OData 4.01, 11.5.5.1).</summary>
    /// <param name="request">The request.</param>
    /// <param name="list">A field that may be a list; null when none may.</param>
    /// <param name="length">The most items that the list may have. One more is read, so that it is found to be too long.</param>
    public static async Task<JsonFields> ReadOptionalAsync(HttpRequest request, string? list = null, int length = 0)
    {
        await using var body = await RequestBody.ReadAsync(request, request.HttpContext.RequestAborted);
        if (body.Length == 0)
            return new();
        CheckType(request);
        return Parse(body.Bytes(), list, length + 1);
    }

    /// <summary>The first items of a field that was read as a list; null when it was none.</summary>
    public IReadOnlyList<Supplied>? ListOf(string name) => _lists.GetValueOrDefault(name);

    private static JsonFields Parse(ReadOnlyMemory<byte> bytes, string? list = null, int items = 0)
    {
        using var json = Document(bytes);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            throw new FeedException(FeedError.BadBody("The body must be one JSON object."));
        var fields = new JsonFields();
        foreach (var property in json.RootElement.EnumerateObject())
        {
            var name = Name(property);
            if (IsControl(name))
                fields.Control.TryAdd(name.Replace("@odata.", "@", StringComparison.Ordinal), Value(property.Value));
            else if (!fields.Values.TryAdd(name, Value(property.Value)))
                fields._twice.Add(name);
            else if (name == list && property.Value.ValueKind == JsonValueKind.Array)
                fields._lists.Add(name, [.. property.Value.EnumerateArray().Take(items).Select(Value)]);
        }
        return fields;
    }

    private static void CheckType(HttpRequest request)
    {
        if (!BodyType.IsUtf8(request, "application/json"))
            throw new FeedException(FeedError.UnsupportedMediaType);
    }

    private static JsonDocument Document(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes);
        }
        catch (JsonException error)
        {
            throw new FeedException(FeedError.BadBody(
                $"The body is no JSON: see line {(error.LineNumber ?? 0) + 1}, byte {(error.BytePositionInLine ?? 0) + 1}."));
        }
    }

    // Control information is what a read gives beside the properties: annotations, and the operations that full metadata
    // advertises. A bind or a delta writes to other entities, so it counts as a field.
    private static bool IsControl(string name) =>
        name.StartsWith('#')
        || (name.Contains('@') && name[(name.IndexOf('@') + 1)..] is not ("odata.bind" or "bind" or "odata.delta" or "delta"));

    private static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw new FeedException(FeedError.BadBody("The name of a property is not valid text."));
        }
    }

    private static Supplied Value(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return Supplied.Null;
            case JsonValueKind.String:
                return Supplied.Of(Text(value));
            default:
                return Supplied.NotText(value.GetRawText());
        }
    }

    // A lone surrogate is legal JSON but not valid text. GetString refuses it; the validator has an error message for it.
    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            try
            {
                return Unescape(value.GetRawText().AsSpan()[1..^1]);
            }
            catch (InvalidOperationException)
            {
                throw new FeedException(FeedError.BadBody("The body is not UTF-8."));
            }
        }
    }

    private static string Unescape(ReadOnlySpan<char> raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }
            var escape = raw[++i];
            if (escape == 'u')
            {
                text.Append((char)int.Parse(raw.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
                continue;
            }
            text.Append(escape switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => escape });
        }
        return text.ToString();
    }
}
