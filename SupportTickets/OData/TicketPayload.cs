using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Microsoft.OData.Edm;
using SupportTickets.Hosting;
using SupportTickets.Tickets;

namespace SupportTickets.OData;

/// <summary>
/// Reads a ticket from a body. By hand and not with the library's deserializer, because that binds onto the entity (so a
/// caller could write whatever it has), leaves null on what does not parse, and has its own words for what is wrong; here
/// every field goes as received to the one validator.
/// </summary>
internal static class TicketPayload
{
    /// <summary>Reads the body; fails with what is wrong with it as a whole, or with the properties nobody may write.</summary>
    public static async Task<TicketInput> ReadAsync(HttpRequest request, IEdmEntityType type)
    {
        CheckType(request);
        await using var body = await RequestBody.ReadAsync(request, request.HttpContext.RequestAborted);
        using var json = Parse(body.Bytes());
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            throw new FeedException(FeedError.BadBody("The body must be one JSON object."));

        var fields = new Dictionary<string, Supplied>(StringComparer.Ordinal);
        var refused = new List<ErrorDetail>();
        foreach (var property in json.RootElement.EnumerateObject())
        {
            var name = Name(property);
            if (IsAnnotation(name))
                continue;
            if (!Model.Writable.Contains(name))
                refused.Add(Refuse(name, type));
            else if (!fields.TryAdd(name, Value(property.Value)))
                refused.Add(new("duplicate_property", "This property occurs twice.", name));
        }
        if (refused.Count > 0)
            throw new FeedException(FeedError.Invalid(refused));
        return new TicketInput
        {
            Title = fields.GetValueOrDefault(nameof(Ticket.Title)),
            Description = fields.GetValueOrDefault(nameof(Ticket.Description)),
            Category = fields.GetValueOrDefault(nameof(Ticket.Category)),
            Priority = fields.GetValueOrDefault(nameof(Ticket.Priority)),
            Status = fields.GetValueOrDefault(nameof(Ticket.Status)),
        };
    }

    private static void CheckType(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (type.Charset.HasValue && !type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
            throw new FeedException(FeedError.UnsupportedMediaType);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes);
        }
        catch (JsonException error)
        {
            throw new FeedException(FeedError.BadBody($"The body is no JSON: see line {(error.LineNumber ?? 0) + 1}, byte {(error.BytePositionInLine ?? 0) + 1}."));
        }
    }

    // 4.01 allows control information without "odata."; a bind is a write to another entity, which is refused by name below.
    private static bool IsAnnotation(string name) => name.Contains('@') && !name.EndsWith("@odata.bind", StringComparison.Ordinal) && !name.EndsWith("@bind", StringComparison.Ordinal);

    private static ErrorDetail Refuse(string name, IEdmEntityType type) => type.FindProperty(name.Split('@')[0]) switch
    {
        IEdmNavigationProperty => new("nested_entity", "Related entities cannot be written together with a ticket.", name),
        not null => new("read_only_property", "This property is computed by the desk and cannot be written.", name),
        null => new("unknown_property", $"A {type.Name} has no such property.", name),
    };

    private static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw new FeedException(FeedError.BadBody("The name of a property is no text."));
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

    // A lone half of a surrogate pair is legal JSON but no text: GetString refuses it, the validator has words for it.
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
