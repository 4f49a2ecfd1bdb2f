using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Batch;

/// <summary>
/// Writes the answer to a batch, unit by unit. The answers of a unit are sent before the next unit runs, so only one unit's answers
/// are in memory.
/// </summary>
internal abstract class BatchWriter : IDisposable
{
    /// <summary>Begins the answer.</summary>
    public abstract Task StartAsync(CancellationToken cancel);

    /// <summary>Writes the answers to a unit and releases them.</summary>
    public async Task WriteAsync(BatchUnit unit, IReadOnlyList<BatchAnswer> answers, CancellationToken cancel)
    {
        await WriteUnitAsync(unit, answers, cancel);
        foreach (var answer in answers)
            await answer.Body.DisposeAsync();
    }

    /// <summary>Ends the answer.</summary>
    public abstract Task EndAsync(CancellationToken cancel);

    public abstract void Dispose();

    /// <summary>Whether a body of this type is written into a JSON batch as it is.</summary>
    public static bool IsJson(string? type) =>
        MediaTypeHeaderValue.TryParse(type, out var parsed)
        && (
            parsed.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || parsed.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a body of this type is written into a JSON batch as a string.</summary>
    public static bool IsText(string? type) =>
        MediaTypeHeaderValue.TryParse(type, out var parsed) && parsed.Type.Equals("text", StringComparison.OrdinalIgnoreCase);

    protected abstract Task WriteUnitAsync(BatchUnit unit, IReadOnlyList<BatchAnswer> answers, CancellationToken cancel);

    protected static ReadOnlyMemory<byte> Bytes(BatchAnswer answer) => answer.Body.GetBuffer().AsMemory(0, (int)answer.Body.Length);
}

/// <summary>Writes JSON (JSON Format 4.01, 19.4).</summary>
internal sealed class JsonBatchWriter(HttpResponse response) : BatchWriter
{
    private readonly Utf8JsonWriter _json = new(response.Body, new JsonWriterOptions { SkipValidation = true });

    private int _number;

    public override Task StartAsync(CancellationToken cancel)
    {
        response.ContentType = "application/json";
        _json.WriteStartObject();
        _json.WriteStartArray("responses");
        return Task.CompletedTask;
    }

    public override Task EndAsync(CancellationToken cancel)
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        return _json.FlushAsync(cancel);
    }

    public override void Dispose()
    {
        // After a failure nothing more may be written: disposing the writer would flush it.
        _json.Reset(Stream.Null);
        _json.Dispose();
    }

    protected override async Task WriteUnitAsync(BatchUnit unit, IReadOnlyList<BatchAnswer> answers, CancellationToken cancel)
    {
        _number++;
        foreach (var (at, answer) in answers.Index())
        {
            _json.WriteStartObject();
            // In multipart, parts and change sets may lack a name; JSON needs names for both.
            _json.WriteString("id", answer.Part.Id ?? $"part-{_number}.{at + 1}");
            if (unit.IsAtomic) _json.WriteString("atomicityGroup", unit.Group ?? $"changeset-{_number}");
            _json.WriteNumber("status", answer.Http.StatusCode);
            _json.WriteStartObject("headers");
            foreach (var (name, value) in PartHeaders.Of(answer.Http))
                _json.WriteString(name.ToLowerInvariant(), value);
            _json.WriteEndObject();
            if (answer.Body.Length > 0) WriteBody(answer);
            _json.WriteEndObject();
            await _json.FlushAsync(cancel);
        }
        await response.Body.FlushAsync(cancel);
    }

    private void WriteBody(BatchAnswer answer)
    {
        var type = answer.Http.ContentType;
        _json.WritePropertyName("body");
        if (IsJson(type)) _json.WriteRawValue(Bytes(answer).Span, skipInputValidation: true);
        else if (IsText(type)) _json.WriteStringValue(Bytes(answer).Span);
        else _json.WriteStringValue(Base64Url.EncodeToString(Bytes(answer).Span));
    }
}

/// <summary>Writes multipart/mixed (OData 4.01 Protocol, 11.7.8).</summary>
internal sealed class MultipartBatchWriter(HttpResponse response) : BatchWriter
{
    private readonly string _boundary = $"batchresponse_{Guid.NewGuid():N}";

    public override Task StartAsync(CancellationToken cancel)
    {
        response.ContentType = $"multipart/mixed; boundary={_boundary}";
        return Task.CompletedTask;
    }

    public override Task EndAsync(CancellationToken cancel) => response.WriteAsync($"--{_boundary}--\r\n", cancel);

    public override void Dispose()
    {
        // There is nothing to dispose.
    }

    protected override async Task WriteUnitAsync(BatchUnit unit, IReadOnlyList<BatchAnswer> answers, CancellationToken cancel)
    {
        if (unit.IsAtomic && !answers.Any(a => a.Failed))
        {
            var set = $"changesetresponse_{Guid.NewGuid():N}";
            await response.WriteAsync($"--{_boundary}\r\nContent-Type: multipart/mixed; boundary={set}\r\n\r\n", cancel);
            foreach (var answer in answers)
                await WriteAsync(answer, set, cancel);
            await response.WriteAsync($"--{set}--\r\n", cancel);
        }
        else
        {
            // In multipart a change set that failed has one answer (OData 4.01, 11.7.7): that of the part at fault.
            await WriteAsync(answers.FirstOrDefault(a => a.Failed && !a.IsConsequence) ?? answers[0], _boundary, cancel);
        }
        await response.Body.FlushAsync(cancel);
    }

    private async Task WriteAsync(BatchAnswer answer, string boundary, CancellationToken cancel)
    {
        var head = new StringBuilder($"--{boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n");
        if (answer.Part.Id is { } id) head.Append($"Content-ID: {id}\r\n");
        head.Append($"\r\nHTTP/1.1 {answer.Http.StatusCode} {ReasonPhrases.GetReasonPhrase(answer.Http.StatusCode)}\r\n");
        foreach (var (name, value) in PartHeaders.Of(answer.Http))
            head.Append($"{name}: {value}\r\n");
        head.Append($"Content-Length: {answer.Body.Length}\r\n\r\n");
        await response.WriteAsync(head.ToString(), cancel);
        await response.Body.WriteAsync(Bytes(answer), cancel);
        await response.WriteAsync("\r\n", cancel);
    }
}
