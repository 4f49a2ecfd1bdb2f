using Microsoft.OData;
using Microsoft.OData.UriParser;
using SupportTickets.Access;
using SupportTickets.Access.Limits;
using SupportTickets.Http;
using SupportTickets.OData.Answers;
using SupportTickets.OData.Batch;
using SupportTickets.OData.Delta;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Model;
using SupportTickets.OData.Reads;
using SupportTickets.OData.Request;
using SupportTickets.OData.Writing;

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

    // The table of contents of the feed: what a path names, who answers which method there, and which right that needs.
    private static Task DispatchAsync(FeedRequest request, IServiceProvider services)
    {
        return request.Path.ToList() switch
        {
            [] => On(request, ("GET", Right.read, Documents.WriteServiceAsync)),
            [MetadataSegment] => On(request, ("GET", Right.read, Documents.WriteMetadataAsync)),
            [BatchSegment] => On(request, ("POST", null, batch => BatchEndpoint.HandleAsync(batch, HandleAsync))),
            [EntitySetSegment { EntitySet.Name: FeedModel.Tickets }] when request.AsksForChanges => On(request, ("GET", Right.read, The<DeltaReads>().GetAsync)),
            [EntitySetSegment { EntitySet.Name: FeedModel.Tickets }, CountSegment] when request.AsksForChanges => On(request, ("GET", Right.read, The<DeltaReads>().GetCountAsync)),
            [EntitySetSegment { EntitySet.Name: FeedModel.Tickets }] =>
                On(request, ("GET", Right.read, The<FeedReads>().GetSetAsync), ("POST", Right.submit, The<TicketWrites>().CreateAsync)),
            [EntitySetSegment { EntitySet.Name: FeedModel.Tickets }, KeySegment] => On(request, ("GET", Right.read, The<FeedReads>().GetEntityAsync),
                ("PATCH", Right.write, The<TicketWrites>().ChangeAsync), ("PUT", Right.write, The<TicketWrites>().ReplaceAsync), ("DELETE", Right.write, The<TicketWrites>().DeleteAsync)),
            [EntitySetSegment { EntitySet.Name: FeedModel.Tickets }, KeySegment, PropertySegment] =>
                On(request, ("GET", Right.read, The<PropertyReads>().GetAsync), ("PATCH", Right.write, The<PropertyWrites>().SetAsync), ("PUT", Right.write, The<PropertyWrites>().SetAsync), ("DELETE", Right.write, The<PropertyWrites>().ClearAsync)),
            [EntitySetSegment { EntitySet.Name: FeedModel.Tickets }, KeySegment, PropertySegment, ValueSegment] =>
                On(request, ("GET", Right.read, The<PropertyReads>().GetValueAsync), ("PUT", Right.write, The<PropertyWrites>().SetValueAsync), ("DELETE", Right.write, The<PropertyWrites>().ClearAsync)),
            [EntitySetSegment, .., PropertySegment] => On(request, ("GET", Right.read, The<PropertyReads>().GetAsync)),
            [EntitySetSegment, .., PropertySegment, ValueSegment] => On(request, ("GET", Right.read, The<PropertyReads>().GetValueAsync)),
            [EntitySetSegment, .., ReferenceSegment or NavigationPropertyLinkSegment] or [EntitySetSegment, .., NavigationPropertyLinkSegment, KeySegment] =>
                On(request, ("GET", Right.read, request.NamesMany ? The<FeedReads>().GetReferencesAsync : The<FeedReads>().GetReferenceAsync)),
            [EntitySetSegment, .., CountSegment] => On(request, ("GET", Right.read, The<FeedReads>().GetCountAsync)),
            [EntitySetSegment, .., OperationSegment operation] => On(request, The<TicketOperations>().Of(operation)),
            [EntitySetSegment, ..] path when path.All(s => s is EntitySetSegment or KeySegment or NavigationPropertySegment) =>
                On(request, ("GET", Right.read, request.NamesMany ? The<FeedReads>().GetSetAsync : The<FeedReads>().GetEntityAsync)),
            _ => throw new FeedException(FeedError.NotImplemented("This part of OData is not offered here.")),
        };

        T The<T>() where T : notnull => services.GetRequiredService<T>();
    }

    // A method without a right of its own is for everybody to whom anything is allowed.
    private static Task On(FeedRequest request, params (string Method, Right? Right, Func<FeedRequest, Task> Handle)[] handlers)
    {
        var method = request.Http.Request.Method;
        if (HttpMethods.IsHead(method) && handlers.Any(h => HttpMethods.IsGet(h.Method)))
        {
            request.Http.Response.Body = Stream.Null; // answered as GET in everything else (RFC 9110, 9.3.2)
            method = HttpMethods.Get;
        }
        var (_, right, handle) = handlers.FirstOrDefault(h => HttpMethods.Equals(h.Method, method));
        if (handle is null)
            throw new FeedException(FeedError.MethodNotAllowed(method, string.Join(", ", handlers.Select(h => h.Method == "GET" ? "GET, HEAD" : h.Method))));
        var caller = request.Http.Caller();
        if (right is { } needed && !caller.May(needed))
            throw new FeedException(FeedError.Refusal(caller));
        return right is Right.submit && request.Http.RequestServices.GetRequiredService<RateLimits>().OnSubmit(request.Http, caller) is { } refused
            ? request.Http.WriteFaultAsync(refused)
            : handle(request);
    }

    private static Task AnswerAsync(HttpContext context, FeedError error)
    {
        context.Response.Clear();
        return error.WriteAsync(context);
    }
}
