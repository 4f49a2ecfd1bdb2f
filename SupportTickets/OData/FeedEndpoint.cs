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
        return request.Path.ToList() switch
        {
            [] => On(request, ("GET", Documents.WriteServiceAsync)),
            [MetadataSegment] => On(request, ("GET", Documents.WriteMetadataAsync)),
            [BatchSegment] => On(request, ("POST", BatchEndpoint.HandleAsync)),
            [EntitySetSegment { EntitySet.Name: Model.Tickets }] => On(request, ("GET", reads.GetSetAsync), ("POST", writes.CreateAsync)),
            [EntitySetSegment { EntitySet.Name: Model.Tickets }, KeySegment key] =>
                On(request, ("GET", reads.GetEntityAsync), ("PATCH", r => writes.UpdateAsync(r, (int)key.Keys.Single().Value))),
            [EntitySetSegment, .., CountSegment] => On(request, ("GET", reads.GetCountAsync)),
            [EntitySetSegment, ..] path when path.All(s => s is EntitySetSegment or KeySegment or NavigationPropertySegment) =>
                On(request, ("GET", path[^1].EdmType is Microsoft.OData.Edm.IEdmCollectionType ? reads.GetSetAsync : reads.GetEntityAsync)),
            _ => throw new FeedException(FeedError.NotImplemented("This part of OData is not offered here.")),
        };
    }

    private static Task On(FeedRequest request, params (string Method, Func<FeedRequest, Task> Handle)[] handlers)
    {
        var handler = handlers.FirstOrDefault(h => HttpMethods.Equals(h.Method, request.Http.Request.Method)).Handle;
        return handler is not null
            ? handler(request)
            : throw new FeedException(FeedError.MethodNotAllowed(request.Http.Request.Method, string.Join(", ", handlers.Select(h => h.Method))));
    }

    private static Task AnswerAsync(HttpContext context, FeedError error)
    {
        context.Response.Clear();
        return error.WriteAsync(context);
    }
}
