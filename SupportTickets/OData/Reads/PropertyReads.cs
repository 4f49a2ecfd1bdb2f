using Microsoft.EntityFrameworkCore;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Answers;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Reads;

/// <summary>Reads single properties (OData 4.01, 11.2.4).</summary>
internal sealed class PropertyReads(FeedRows rows, ILogger<PropertyReads> log)
{
    /// <summary>Answers with a property as JSON; with 204 when it is null.</summary>
    public async Task GetAsync(FeedRequest request)
    {
        var property = PropertyAnswers.CheckJson(request);
        if (await ReadAsync(request) is { } entity)
            await PropertyAnswers.WriteJsonAsync(request, property, PropertyAnswers.ValueOf(entity, property), log);
    }

    /// <summary>Answers with the raw value as text; with 204 when it is null.</summary>
    public async Task GetValueAsync(FeedRequest request)
    {
        var property = PropertyAnswers.CheckText(request);
        if (await ReadAsync(request) is { } entity)
            await PropertyAnswers.WriteTextAsync(request, PropertyAnswers.ValueOf(entity, property));
    }

    // Null when the caller already has this version.
    private async Task<object?> ReadAsync(FeedRequest request)
    {
        var entities = (IQueryable<object>)rows.Of(request.Path.TakeWhile(segment => segment is not PropertySegment));
        var entity =
            await QueryFailures.WatchAsync(() => entities.SingleOrDefaultAsync(request.Cancel), log)
            ?? throw new FeedException(FeedError.NotFound());
        var version = ETags.VersionOf(request.FeedSet, entity);
        Preconditions.CheckRead(request.Http.Request, version);
        if (ETags.IsUnchanged(request, version))
            return null;
        if (version is { } current)
            request.Http.Response.GetTypedHeaders().ETag = ETags.Of(current);
        return entity;
    }
}
