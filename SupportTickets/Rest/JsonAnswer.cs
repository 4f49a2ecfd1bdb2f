using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SupportTickets.Rest;

/// <summary>A short JSON answer, completed before its headers are sent.</summary>
internal sealed class JsonAnswer(int status, Action<Utf8JsonWriter> write) : IResult
{
    /// <summary>The media type; JSON is always UTF-8 (RFC 8259, 8.1), so no charset is named.</summary>
    public const string MediaType = "application/json";

    // The desk never puts this JSON into a page, and the media type keeps browsers from taking it for one.
    internal static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The entity tag of the answer.</summary>
    public string? EntityTag { get; init; }

    /// <summary>The address of the created ticket.</summary>
    public string? Location { get; init; }

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var body = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(body, WriterOptions))
            write(writer);

        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = MediaType;
        response.ContentLength = body.WrittenCount;
        if (EntityTag is not null) response.Headers.ETag = EntityTag;
        if (Location is not null) response.Headers.Location = Location;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
            await response.BodyWriter.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
    }
}
