using SupportTickets.Data;
using SupportTickets.OData.Answers;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Reads;
using SupportTickets.OData.Request;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Writing;

/// <summary>
/// The answer to a write: the entity in the form of a read, or only its URL if the caller prefers that (OData 4.01, 8.2.8.7 and 11.4.1.5).
/// </summary>
internal sealed class WriteAnswers(FeedReads reads, TicketDb db, ILogger<WriteAnswers> log)
{
    /// <summary>Refuses a request that could not be answered, before anything is written.</summary>
    public void Check(FeedRequest request)
    {
        _ = AnswerFormat.Json(request);
        reads.CheckShape(request);
    }

    /// <summary>Writes the answer.</summary>
    public async Task WriteAsync(FeedRequest request, int key, object entity)
    {
        if (request.Preferences.Minimal == true)
        {
            WriteAddress(request, key, entity);
            return;
        }
        if (!FeedReads.HasShape(request))
        {
            await FeedWriter.WriteEntityAsync(request, entity, null, log);
            return;
        }
        try
        {
            await reads.GetShapedAsync(request, key);
        }
        catch (FeedException) when (db.Database.CurrentTransaction is null && !request.Http.Response.HasStarted)
        {
            // The change is stored, so a failure of the options must not look like a failed write (OData 4.01, 11.4.1.5).
            WriteAddress(request, key, entity);
        }
    }

    /// <summary>
    /// Answers a caller who may not read: with the values that they sent and the key, without an ETag, ignoring $select and
    /// $expand.
    /// </summary>
    public static async Task WriteReceiptAsync(FeedRequest request, Created created)
    {
        if (request.Preferences.Minimal == true) WriteAddress(request, created.Key);
        else await FeedWriter.WritePartAsync(request, created.Receipt);
    }

    /// <summary>The URL of an entity of the set.</summary>
    public static string AddressOf(FeedRequest request, int key) => new Uri(request.Root, $"{request.FeedSet.Name}({key})").AbsoluteUri;

    private static void WriteAddress(FeedRequest request, int key, object entity)
    {
        ETags.SetHeader(request, entity);
        WriteAddress(request, key);
    }

    private static void WriteAddress(FeedRequest request, int key)
    {
        var response = request.Http.Response;
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers["OData-EntityId"] = AddressOf(request, key);
        ProtocolVersion.SetHeaders(response);
        if (request.Preferences.Minimal == true)
            request.Preferences.AppliedToWrite(response);
    }
}
