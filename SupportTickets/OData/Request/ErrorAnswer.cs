using System.Text.Encodings.Web;
using System.Text.Json;
using SupportTickets.Core;
using SupportTickets.Http;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Model;

namespace SupportTickets.OData.Request;

/// <summary>Writes errors in OData's format (OData JSON Format 4.01, section 21.1).</summary>
internal static class ErrorAnswer
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the whole answer.</summary>
    public static async Task WriteAsync(this FeedError error, HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        response.Headers.ContentLanguage = "en"; // of the message (OData JSON Format 4.01, 21.1)
        ProtocolVersion.SetHeaders(response);
        if (error.Allow is not null) response.Headers.Allow = error.Allow;
        if (error.Status == StatusCodes.Status401Unauthorized) Challenge.Write(response);
        if (error.Location is not null) response.Headers.Location = error.Location;
        using var body = new MemoryStream();
        await using (var json = new Utf8JsonWriter(body, Json))
            Write(json, error);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, FeedError error)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("code", error.Code);
        json.WriteString("message", error.Message);
        if (error.Target is not null) json.WriteString("target", error.Target);
        if (error.Details.Count > 0)
        {
            json.WriteStartArray("details");
            foreach (var detail in error.Details)
            {
                json.WriteStartObject();
                json.WriteString("code", detail.Code);
                json.WriteString("message", detail.Message);
                if (detail.Target is not null) json.WriteString("target", detail.Target);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>Writes faults from hosting in OData's format.</summary>
internal sealed class FaultWriter : IFaultWriter
{
    public PathString Prefix => "/" + Feed.Prefix;

    public Task WriteAsync(HttpContext context, Fault fault) => FeedError.Of(fault).WriteAsync(context);
}
