using System.Buffers;
using System.Text.Json;
using Microsoft.OData;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Answers.Straight;

/// <summary>Writes answers whose frame is known, without the library.</summary>
internal static class FramedWriter
{
    /// <summary>Writes a page. The enumerator is already at the first row.</summary>
    public static Task WriteSetAsync(
        FeedRequest request, FeedQuery query, IAsyncEnumerator<PageRow> rows, AnswerFrame frame, IRowWriter straight, ILogger log) =>
        WriteAsync(request, frame, log, async body =>
        {
            var (written, last) = await FeedWriter.WriteStraightAsync(query, rows, straight, body);
            body.Hold().Write("]"u8);
            if (last is not null)
                WriteLink(body, "nextLink", request.NextLink(room => query.TokenAfter(last, written, null, room)));
            else if (query.ChangesToken is { } token)
                WriteLink(body, "deltaLink", request.DeltaLink(token));

            void WriteLink(StoppableStream to, string name, Uri link)
            {
                var output = to.Hold();
                output.Write(","u8);
                using var json = new Utf8JsonWriter(output, JsonValues.Options);
                json.WriteString($"@{(request.Version == ODataVersion.V4 ? "odata." : "")}{name}", link.AbsoluteUri);
            }
        });

    /// <summary>Writes one entity.</summary>
    public static Task WriteEntityAsync(FeedRequest request, object entity, AnswerFrame frame, EntityRows straight, ILogger log) =>
        WriteAsync(request, frame, log, body =>
        {
            FeedWriter.WriteStraight(entity, straight, body);
            return Task.CompletedTask;
        });

    private static async Task WriteAsync(FeedRequest request, AnswerFrame frame, ILogger log, Func<StoppableStream, Task> write)
    {
        RowWriting.NoteFramed(request);
        var response = request.Http.Response;
        response.ContentType = frame.ContentType;
        ProtocolVersion.SetHeaders(response);
        var body = new StoppableStream(response.Body);
        try
        {
            body.Hold().Write(frame.Head);
            await write(body);
            body.Hold().Write("}"u8);
            await body.SendAsync();
        }
        catch (Exception error)
        {
            body.Stop();
            FeedWriter.Fail(request, error, log);
        }
    }
}
