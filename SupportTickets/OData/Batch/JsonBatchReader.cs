using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using SupportTickets.Configuration;

namespace SupportTickets.OData.Batch;

/// <summary>Reads a batch in JSON (JSON Format 4.01, 19.1).</summary>
internal static class JsonBatchReader
{
    private const string IdName = "id",
        MethodName = "method",
        UrlName = "url",
        GroupName = "atomicityGroup",
        DependsOnName = "dependsOn",
        IfName = "if",
        HeadersName = "headers",
        BodyName = "body";

    /// <summary>Reads the batch; throws when its form is wrong.</summary>
    public static IReadOnlyList<BatchUnit> Read(ReadOnlyMemory<byte> bytes, FeedLimits limits)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("requests", out var requests)
                || requests.ValueKind != JsonValueKind.Array)
                throw BatchRules.Malformed("A batch is a JSON object with an array \"requests\".");
            if (requests.GetArrayLength() > limits.MaxBatchParts)
                throw BatchLimits.TooManyParts(limits);
            return Units([.. requests.EnumerateArray().Select((request, index) => ReadPart(request, index, limits))]);
        }
        catch (JsonException error)
        {
            throw BatchRules.Malformed(
                $"The body is no JSON: see line {(error.LineNumber ?? 0) + 1}, byte {(error.BytePositionInLine ?? 0) + 1}.");
        }
        catch (InvalidOperationException)
        {
            // JsonElement throws this for a string that is not valid text: a lone surrogate, or invalid UTF-8.
            throw BatchRules.Malformed("A string of the batch is not valid text.");
        }
    }

    // The parts of a group must follow each other. A group that comes up again is found as a duplicate name.
    private static List<BatchUnit> Units(IReadOnlyList<(string? Group, BatchPart Part)> parts)
    {
        var units = new List<BatchUnit>();
        for (var i = 0; i < parts.Count;)
        {
            var group = parts[i].Group;
            var members = group is null ? [parts[i].Part] : parts.Skip(i).TakeWhile(p => p.Group == group).Select(p => p.Part).ToList();
            units.Add(new(members, group is not null, group));
            i += members.Count;
        }
        return units;
    }

    private static (string? Group, BatchPart Part) ReadPart(JsonElement request, int index, FeedLimits limits)
    {
        var target = $"requests/{index}";
        if (request.ValueKind != JsonValueKind.Object)
            throw BatchRules.Malformed("A request of a batch is a JSON object.", target);
        foreach (var property in request.EnumerateObject())
        {
            if (property.Name is not (IdName or MethodName or UrlName or GroupName or DependsOnName or IfName or HeadersName or BodyName)
                && !property.Name.Contains('@'))
                throw BatchRules.Malformed($"A request of a batch has no \"{property.Name}\".", target);
        }
        var id = Text(request, IdName, target) ?? throw BatchRules.Malformed("A request of a batch needs an \"id\".", target);
        var method = Text(request, MethodName, target) ?? throw BatchRules.Malformed("A request of a batch needs a \"method\".", target);
        var url = Text(request, UrlName, target) ?? throw BatchRules.Malformed("A request of a batch needs a \"url\".", target);
        var headers = Headers(request, target);
        // A null body counts as no body (JSON Format 4.01, 19.1).
        var body =
            request.TryGetProperty(BodyName, out var value) && value.ValueKind != JsonValueKind.Null
                ? Body(value, headers, target)
                : default;
        var part = new BatchPart(id, method.ToUpperInvariant(), url, headers, body, DependsOn(request, target, limits))
        {
            IsConditional = request.TryGetProperty(IfName, out _),
        };
        return (Text(request, GroupName, target), part);
    }

    private static string? Text(JsonElement request, string name, string target)
    {
        if (!request.TryGetProperty(name, out var value) || (value.ValueKind == JsonValueKind.Null && name == GroupName))
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw BatchRules.Malformed($"\"{name}\" is a string.", target);
    }

    private static List<string> DependsOn(JsonElement request, string target, FeedLimits limits)
    {
        if (!request.TryGetProperty(DependsOnName, out var value))
            return [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.String))
            throw BatchRules.Malformed("\"dependsOn\" is an array of strings.", target);
        return value.GetArrayLength() <= limits.MaxBatchParts
            ? [.. value.EnumerateArray().Select(v => v.GetString()!)]
            : throw BatchRules.Malformed("\"dependsOn\" names more parts than a batch can have.", target);
    }

    private static HeaderDictionary Headers(JsonElement request, string target)
    {
        var headers = new HeaderDictionary();
        if (!request.TryGetProperty(HeadersName, out var values))
            return headers;
        if (values.ValueKind != JsonValueKind.Object || values.EnumerateObject().Any(h => h.Value.ValueKind != JsonValueKind.String))
            throw BatchRules.Malformed("\"headers\" is an object of strings.", target);
        if (JsonMarshal.GetRawUtf8Value(values).Length > BatchLimits.MaxHeaderBytes)
            throw BatchLimits.TooManyHeaders(target);
        foreach (var header in values.EnumerateObject())
        {
            if (headers.ContainsKey(header.Name))
                throw BatchRules.Malformed("A header of a part occurs twice.", target);
            PartHeaders.Add(headers, header.Name, header.Value.GetString()!, target);
        }
        return headers;
    }

    // A body is given as JSON, as a string if it is text, and as a base64url string otherwise.
    private static byte[] Body(JsonElement value, IHeaderDictionary headers, string target)
    {
        if (headers.ContentType.Count == 0)
            headers.ContentType = "application/json";
        var type = headers.ContentType.ToString();
        if (BatchWriter.IsJson(type))
            return JsonMarshal.GetRawUtf8Value(value).ToArray();
        if (value.ValueKind != JsonValueKind.String)
            throw BatchRules.Malformed("A body that is not JSON is written as a string.", target);
        if (BatchWriter.IsText(type))
            return Encoding.UTF8.GetBytes(value.GetString()!);
        try
        {
            return Base64Url.DecodeFromChars(value.GetString());
        }
        catch (FormatException)
        {
            throw BatchRules.Malformed("A body that is neither JSON nor text is written in base64url.", target);
        }
    }
}
