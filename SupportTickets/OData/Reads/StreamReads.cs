using Microsoft.EntityFrameworkCore;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Reads;

/// <summary>Reads the media stream of an entity (OData 4.01, 11.1.3 and 11.2.4).</summary>
internal sealed class StreamReads(FeedRows rows, ILogger<StreamReads> log)
{
    /// <summary>Answers with the stream, whatever its type; 304 when the caller has it already.</summary>
    public async Task GetAsync(FeedRequest request)
    {
        if (request.Options.Keys.FirstOrDefault(OptionNames.System.Contains) is { } option)
            throw new FeedException(FeedError.BadQuery($"A stream does not take {option}.", option));
        var entities = (IQueryable<object>)rows.Of(request.Path.TakeWhile(segment => segment is not ValueSegment));
        var entity = await QueryFailures.WatchAsync(() => entities.SingleOrDefaultAsync(request.Cancel), log)
            ?? throw new FeedException(FeedError.NotFound());
        ProtocolVersion.SetHeaders(request.Http.Response);
        await request.FeedSet.WriteStreamAsync(request.Http, entity);
    }
}
