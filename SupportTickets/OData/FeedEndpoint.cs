using Microsoft.OData;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Batch;

namespace SupportTickets.OData;

/// <summary>Every request below /odata: what its path names decides who answers.</summary>
internal static class FeedEndpoint
{
    /// <summary>Answers a request; whatever is wrong with it comes out as an error in OData's format.</summary>
    public static async Task HandleAsync(HttpContext context)
    {
        try
        {
            await QueryInBody.ApplyAsync(context.Request);
            using var request = FeedRequest.Parse(context, context.RequestServices.GetRequiredService<Feed>());
            await DispatchAsync(request, context.RequestServices);
        }
        catch (FeedException problem) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, problem.Error);
        }
        catch (ODataContentTypeException) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, FeedError.NotAcceptable);
        }
        catch (ODataException problem) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, FeedError.BadQuery(problem.Message));
        }
    }

    private static Task DispatchAsync(FeedRequest request, IServiceProvider services)
    {
        var reads = services.GetRequiredService<FeedReads>();
        var writes = services.GetRequiredService<TicketWrites>();
        var deltas = services.GetRequiredService<DeltaReads>();
        var properties = services.GetRequiredService<PropertyReads>();
        return request.Path.ToList() switch
        {
            [] => On(request, ("GET", Documents.WriteServiceAsync)),
            [MetadataSegment] => On(request, ("GET", Documents.WriteMetadataAsync)),
            [BatchSegment] => On(request, ("POST", BatchEndpoint.HandleAsync)),
            [EntitySetSegment { EntitySet.Name: Model.Tickets }] when DeltaReads.IsAsked(request) => On(request, ("GET", deltas.GetAsync)),
            [EntitySetSegment { EntitySet.Name: Model.Tickets }, CountSegment] when DeltaReads.IsAsked(request) => On(request, ("GET", deltas.GetCountAsync)),
            [EntitySetSegment { EntitySet.Name: Model.Tickets }] => On(request, ("GET", reads.GetSetAsync), ("POST", writes.CreateAsync)),
            [EntitySetSegment { EntitySet.Name: Model.Tickets }, KeySegment key] =>
                On(request, ("GET", reads.GetEntityAsync), ("PATCH", r => writes.UpdateAsync(r, (int)key.Keys.Single().Value)), ("DELETE", r => writes.DeleteAsync(r, (int)key.Keys.Single().Value))),
            [EntitySetSegment, .., PropertySegment] => On(request, ("GET", properties.GetAsync)),
            [EntitySetSegment, .., PropertySegment, ValueSegment] => On(request, ("GET", properties.GetValueAsync)),
            [EntitySetSegment, .., ReferenceSegment or NavigationPropertyLinkSegment] =>
                On(request, ("GET", request.NamesMany ? reads.GetReferencesAsync : reads.GetReferenceAsync)),
            [EntitySetSegment, .., CountSegment] => On(request, ("GET", reads.GetCountAsync)),
            [EntitySetSegment, ..] path when path.All(s => s is EntitySetSegment or KeySegment or NavigationPropertySegment) =>
                On(request, ("GET", request.NamesMany ? reads.GetSetAsync : reads.GetEntityAsync)),
            _ => throw new FeedException(FeedError.NotImplemented("This part of OData is not offered here.")),
        };
    }

    private static Task On(FeedRequest request, params (string Method, Func<FeedRequest, Task> Handle)[] handlers)
    {
        var method = request.Http.Request.Method;
        if (HttpMethods.IsHead(method) && handlers.Any(h => HttpMethods.IsGet(h.Method)))
        {
            request.Http.Response.Body = Stream.Null; // answered as GET in everything else (RFC 9110, 9.3.2)
            method = HttpMethods.Get;
        }
        var handler = handlers.FirstOrDefault(h => HttpMethods.Equals(h.Method, method)).Handle;
        return handler is not null
            ? handler(request)
            : throw new FeedException(FeedError.MethodNotAllowed(method, string.Join(", ", handlers.Select(h => h.Method == "GET" ? "GET, HEAD" : h.Method))));
    }

    private static Task AnswerAsync(HttpContext context, FeedError error)
    {
        context.Response.Clear();
        return error.WriteAsync(context);
    }
}
