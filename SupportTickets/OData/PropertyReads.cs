using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.OData;
using Microsoft.OData.UriParser;

namespace SupportTickets.OData;

/// <summary>Single properties (OData 4.01, 11.2.4).</summary>
internal sealed class PropertyReads(FeedRows rows, ILogger<PropertyReads> log)
{
    /// <summary>A property as JSON; 204 when it has no value.</summary>
    public async Task GetAsync(FeedRequest request)
    {
        _ = Negotiation.Json(request.Http.Request);
        var (property, value) = await ReadAsync(request);
        if (value is null)
            return;
        var written = new ODataProperty { Name = property.Property.Name, Value = WrappedRows.Of(value, property.Property.Type.Definition.ToString()) };
        await FeedWriter.WriteAsync(request, null, ODataPayloadKind.Property, (messages, _) => messages.WritePropertyAsync(written), log);
    }

    /// <summary>The value alone, as text; 204 when there is none.</summary>
    public async Task GetValueAsync(FeedRequest request)
    {
        if (request.Http.Request.Query.ContainsKey("$format"))
            throw new FeedException(FeedError.BadQuery("A raw value takes no $format.", "$format"));
        if (!Negotiation.Takes(request.Http.Request, "text/plain"))
            throw new FeedException(FeedError.NotAcceptable with { Message = "A raw value is text/plain; the Accept header rules that out." });
        var (_, value) = await ReadAsync(request);
        if (value is null)
            return;
        request.Http.Response.ContentType = "text/plain; charset=utf-8";
        request.Http.Response.Headers["OData-Version"] = Negotiation.VersionText(request.Http.Request);
        await request.Http.Response.WriteAsync(Text(value), request.Cancel);
    }

    // Null when the answer is already given: there is no value, or the caller has it.
    private async Task<(PropertySegment Property, object? Value)> ReadAsync(FeedRequest request)
    {
        if (request.Http.Request.Query.Keys.FirstOrDefault(name => name != "$format" && OptionNames.System.Contains(name)) is { } option)
            throw new FeedException(FeedError.BadQuery($"A property does not take {option}.", option));
        var property = request.Path.OfType<PropertySegment>().Single();
        var entities = (IQueryable<object>)rows.Of(request.Path.TakeWhile(segment => segment is not PropertySegment));
        var entity = await QueryFailures.WatchAsync(() => entities.SingleOrDefaultAsync(request.Cancel), log) ?? throw new FeedException(FeedError.NotFound());
        var version = FeedWriter.VersionOf(entity);
        if (ETags.IsUnchanged(request, version))
            return (property, null);
        if (version is { } current)
            request.Http.Response.GetTypedHeaders().ETag = ETags.Of(current);
        var value = entity.GetType().GetProperty(property.Property.Name)!.GetValue(entity);
        if (value is null)
        {
            request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
            request.Http.Response.Headers["OData-Version"] = Negotiation.VersionText(request.Http.Request);
        }
        return (property, value);
    }

    private static string Text(object value) => value switch
    {
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
