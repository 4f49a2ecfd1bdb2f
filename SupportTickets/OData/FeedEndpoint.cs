using Microsoft.OData;
using Microsoft.OData.Edm;
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

/// <summary>Handles every request below /odata: dispatches it by the resource that its path names.</summary>
internal static class FeedEndpoint
{
    /// <summary>Answers a request. Every error is written in OData's format.</summary>
    public static async Task HandleAsync(HttpContext context)
    {
        try
        {
            using var request = await FeedRequest.ReadAsync(context, context.RequestServices.GetRequiredService<Feed>());
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

    // The table of contents of the feed: the resource that a path names, and the handler of each method.
    private static Task DispatchAsync(FeedRequest request, IServiceProvider services) => request.Path.ToList() switch
    {
        [] => On(request, Read(Documents.WriteServiceAsync)),
        [MetadataSegment] => On(request, Read(Documents.WriteMetadataAsync)),
        [BatchSegment] => On(request, new Handler("POST", null, batch => BatchEndpoint.HandleAsync(batch, HandleAsync))),
        [EntitySetSegment, ..] path => OnSet(request, path, services),
        _ => throw NotOffered,
    };

    private static Task OnSet(FeedRequest request, List<ODataPathSegment> path, IServiceProvider services)
    {
        return path switch
        {
            [_] when AsksForChanges() => On(request, Read(The<DeltaReads>().GetAsync)),
            [_, CountSegment] when AsksForChanges() => On(request, Read(The<DeltaReads>().GetCountAsync)),
            [_] => On(request, Read(The<FeedReads>().GetSetAsync), Writes(("POST", The<EntityWrites>().CreateAsync))),
            [_, KeySegment] => On(
                request, Read(The<FeedReads>().GetEntityAsync),
                Writes(
                    ("PATCH", The<EntityWrites>().ChangeAsync), ("PUT", The<EntityWrites>().ReplaceAsync),
                    ("DELETE", The<EntityWrites>().DeleteAsync))),
            [_, KeySegment, PropertySegment] => On(
                request, Read(The<PropertyReads>().GetAsync),
                Writes(
                    ("PATCH", The<PropertyWrites>().SetAsync), ("PUT", The<PropertyWrites>().SetAsync),
                    ("DELETE", The<PropertyWrites>().ClearAsync))),
            [_, KeySegment, PropertySegment, ValueSegment] => On(
                request, Read(The<PropertyReads>().GetValueAsync),
                Writes(("PUT", The<PropertyWrites>().SetValueAsync), ("DELETE", The<PropertyWrites>().ClearAsync))),
            [.., KeySegment or NavigationPropertySegment { EdmType: IEdmEntityType }, ValueSegment] when request.FeedSet.HasStream =>
                On(request, Read(The<StreamReads>().GetAsync)),
            [.., PropertySegment] => On(request, Read(The<PropertyReads>().GetAsync)),
            [.., PropertySegment, ValueSegment] => On(request, Read(The<PropertyReads>().GetValueAsync)),
            [.., ReferenceSegment or NavigationPropertyLinkSegment] or [.., NavigationPropertyLinkSegment, KeySegment] =>
                On(request, Read(request.NamesMany ? The<FeedReads>().GetReferencesAsync : The<FeedReads>().GetReferenceAsync)),
            [.., CountSegment] => On(request, Read(The<FeedReads>().GetCountAsync)),
            [.., OperationSegment operation] => On(request, The<TicketOperations>().Of(operation)),
            _ when path.All(step => step is EntitySetSegment or KeySegment or NavigationPropertySegment) =>
                On(request, Read(request.NamesMany ? The<FeedReads>().GetSetAsync : The<FeedReads>().GetEntityAsync)),
            _ => throw NotOffered,
        };

        T The<T>() where T : notnull => services.GetRequiredService<T>();

        bool AsksForChanges() => request.AsksForChanges && request.FeedSet.IsTracked;

        // The writes that the set offers, each with the right that it needs.
        IEnumerable<Handler> Writes(params (string Method, Func<FeedRequest, Task> Handle)[] writes) =>
            writes.Where(write => request.FeedSet.Rights.ContainsKey(write.Method))
                .Select(write => new Handler(write.Method, request.FeedSet.Rights[write.Method], write.Handle));
    }

    private static Handler Read(Func<FeedRequest, Task> handle) => new("GET", Right.read, handle);

    private static FeedException NotOffered => new(FeedError.NotImplemented("This part of OData is not offered here."));

    private static Task On(FeedRequest request, Handler first, params IEnumerable<Handler> others)
    {
        List<Handler> handlers = [first, .. others];
        var method = request.Method;
        if (HttpMethods.IsHead(method) && handlers.Any(h => HttpMethods.IsGet(h.Method)))
        {
            request.Http.Response.Body = Stream.Null; // otherwise handled like GET (RFC 9110, 9.3.2)
            method = HttpMethods.Get;
        }
        if (handlers.Find(h => HttpMethods.Equals(h.Method, method)) is not { } asked)
        {
            var allowed = string.Join(", ", handlers.Select(h => h.Method == "GET" ? "GET, HEAD" : h.Method));
            throw new FeedException(FeedError.MethodNotAllowed(method, allowed));
        }
        var caller = request.Http.Caller();
        if (asked.Right is { } needed && !caller.May(needed))
            throw new FeedException(FeedError.Refusal(caller));
        var limits = request.Http.RequestServices.GetRequiredService<RateLimits>();
        return asked.Right is Right.submit && limits.OnSubmit(request.Http, caller) is { } refused
            ? request.Http.WriteFaultAsync(refused)
            : asked.Handle(request);
    }

    private static Task AnswerAsync(HttpContext context, FeedError error)
    {
        context.Response.Clear();
        return error.WriteAsync(context);
    }
}
