using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace SupportTickets.Rest;

/// <summary>A plain array of rows of any length. It is streamed, so memory does not grow with it.</summary>
/// <param name="query">The rows.</param>
/// <param name="write">Writes a row as one JSON value.</param>
internal sealed class JsonArray<TRow>(IQueryable<TRow> query, Action<Utf8JsonWriter, TRow> write) : IResult
{
    /// <summary>How many bytes are buffered before they are sent.</summary>
    private const int FlushBytes = 32 * 1024;

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancel = httpContext.RequestAborted;
        await using var rows = query.AsAsyncEnumerable().GetAsyncEnumerator(cancel);
        // The first row is read before anything is sent, so that a failing query can still be answered as an error.
        var any = await rows.MoveNextAsync();

        var response = httpContext.Response;
        response.ContentType = JsonAnswer.MediaType;
        if (HttpMethods.IsHead(httpContext.Request.Method))
            return;
        // From here on a failure must cut the connection: half a list must not look like a whole answer.
        await response.StartAsync(cancel);
        await using var writer = new Utf8JsonWriter(response.BodyWriter, JsonAnswer.WriterOptions);
        writer.WriteStartArray();
        long sent = 0;
        for (var more = any; more; more = await rows.MoveNextAsync())
        {
            write(writer, rows.Current);
            if (writer.BytesCommitted + writer.BytesPending - sent < FlushBytes)
                continue;
            writer.Flush();
            sent = writer.BytesCommitted;
            await response.BodyWriter.FlushAsync(cancel);
        }
        writer.WriteEndArray();
    }
}
