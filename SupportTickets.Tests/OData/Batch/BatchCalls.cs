using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace SupportTickets.Tests.OData.Batch;

/// <summary>A part of a batch, to be written in either format.</summary>
internal sealed record Part(
    string Id, string Method, string Url, string? Body = null, string? Group = null, string[]? DependsOn = null,
    params (string Name, string Value)[] Headers)
{
    public static Part Get(string id, string url, params (string, string)[] headers) => new(id, "GET", url, Headers: headers);

    public static Part Create(string id, string title, string? group = null) =>
        new(id, "POST", "Tickets", $$"""{"Title":"{{title}}","Description":"D","Category":"billing","Priority":"high"}""", group);

    public static Part Change(string id, string url, string body, string? group = null, string? ifMatch = null) =>
        new(id, "PATCH", url, body, group, Headers: ifMatch is null ? [] : [("If-Match", ifMatch)]);
}

/// <summary>The answer to a part, from either format.</summary>
internal sealed record PartAnswer(string? Id, string? Group, int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
}

/// <summary>Sends batches and takes their answers apart.</summary>
internal static class BatchCalls
{
    public const string Boundary = "batch_1";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Sends parts in the format; they must be taken as a batch.</summary>
    public static async Task<List<PartAnswer>> BatchAsync(
        this FeedDesk desk, bool json, Part[] parts, params (string Name, string Value)[] headers)
    {
        using var response = await desk.SendAsync(HttpMethod.Post, "/odata/$batch", json ? Json(parts) : Multipart(parts), headers);
        return await AnswersAsync(response);
    }

    public static StringContent Content(string body, string type)
    {
        var content = new StringContent(body, Encoding.UTF8);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    public static StringContent Json(IEnumerable<Part> parts) => Content(JsonText(parts), "application/json");

    public static string JsonText(IEnumerable<Part> parts) => new JsonObject
    {
        ["requests"] = new JsonArray([.. parts.Select(part =>
        {
            var request = new JsonObject { ["id"] = part.Id, ["method"] = part.Method, ["url"] = part.Url };
            if (part.Group is not null) request["atomicityGroup"] = part.Group;
            if (part.DependsOn is not null) request["dependsOn"] = new JsonArray([.. part.DependsOn.Select(d => (JsonNode)d)]);
            if (part.Headers.Length > 0) request["headers"] = new JsonObject(
                part.Headers.Select(h => KeyValuePair.Create(h.Name, (JsonNode?)h.Value)));
            if (part.Body is not null) request["body"] = JsonNode.Parse(part.Body);
            return (JsonNode)request;
        })]),
    }.ToJsonString();

    public static StringContent Multipart(IEnumerable<Part> parts) =>
        Content(MultipartText(parts), $"multipart/mixed; boundary={Boundary}");

    public static string MultipartText(IEnumerable<Part> parts)
    {
        var text = new StringBuilder();
        string? open = null;
        foreach (var part in parts)
        {
            if (part.Group != open && open is not null)
                text.Append($"--{open}--\r\n");
            if (part.Group != open && part.Group is not null)
                text.Append($"--{Boundary}\r\nContent-Type: multipart/mixed; boundary={part.Group}\r\n\r\n");
            open = part.Group;
            text.Append($"--{open ?? Boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n");
            text.Append($"Content-ID: {part.Id}\r\n\r\n");
            text.Append($"{part.Method} {part.Url} HTTP/1.1\r\n");
            foreach (var (name, value) in part.Headers)
                text.Append($"{name}: {value}\r\n");
            if (part.Body is not null)
                text.Append($"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(part.Body)}\r\n");
            text.Append($"\r\n{part.Body}\r\n");
        }
        if (open is not null) text.Append($"--{open}--\r\n");
        return text.Append($"--{Boundary}--\r\n").ToString();
    }

    public static async Task<List<PartAnswer>> AnswersAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode} {text}");
        if (response.Content.Headers.ContentType!.MediaType == "application/json")
            return [.. JsonNode.Parse(text)!["responses"]!.AsArray().Select(FromJson)];
        Assert.Equal("multipart/mixed", response.Content.Headers.ContentType.MediaType);
        return await FromMultipartAsync(text, response.Content.Headers.ContentType.ToString(), null);
    }

    private static PartAnswer FromJson(JsonNode? node) => new(
        node!["id"]!.GetValue<string>(), node["atomicityGroup"]?.GetValue<string>(), node["status"]!.GetValue<int>(),
        node["headers"]!.AsObject().ToDictionary(h => h.Key, h => h.Value!.GetValue<string>(), StringComparer.OrdinalIgnoreCase),
        node["body"] switch
        {
            null => "",
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            var body => body.ToJsonString(),
        });

    private static async Task<List<PartAnswer>> FromMultipartAsync(string text, string type, string? set)
    {
        var answers = new List<PartAnswer>();
        var boundary = MediaTypeHeaderValue.Parse(type).Parameters.Single(p => p.Name == "boundary").Value!;
        var reader = new MultipartReader(boundary, new MemoryStream(Encoding.UTF8.GetBytes(text)));
        while (await reader.ReadNextSectionAsync(Cancel) is { } section)
        {
            var body = await new StreamReader(section.Body).ReadToEndAsync(Cancel);
            if (section.ContentType!.StartsWith("multipart/mixed", StringComparison.Ordinal))
            {
                answers.AddRange(await FromMultipartAsync(body, section.ContentType, "set"));
                continue;
            }
            Assert.Equal("application/http", section.ContentType);
            var head = body[..body.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");
            var headers = head.Skip(1).Select(h => h.Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);
            var content = body[(body.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
            Assert.Equal(Encoding.UTF8.GetByteCount(content), int.Parse(headers["Content-Length"]));
            answers.Add(new(
                section.Headers!.TryGetValue("Content-ID", out var id) ? id.ToString() : null, set, int.Parse(head[0].Split(' ')[1]),
                headers, content));
        }
        return answers;
    }
}
