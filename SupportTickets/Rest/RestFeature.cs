using SupportTickets.Access;
using SupportTickets.Analytics;
using SupportTickets.Http;
using SupportTickets.Tickets.Comments;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Writing;
using SupportTickets.Triage;

namespace SupportTickets.Rest;

/// <summary>The routes of the older system, compatible with the programs that were written for it.</summary>
public static class RestFeature
{
    private const string Get = "GET", Post = "POST", Patch = "PATCH", Head = "HEAD", Options = "OPTIONS";

    /// <summary>Registers the services.</summary>
    public static IServiceCollection AddRest(this IServiceCollection services) => services
        .AddSingleton<IFaultWriter, RestFaultWriter>();

    /// <summary>
    /// Maps the routes, each with and without a trailing slash. Handlers take what they need from the services: delegates with
    /// parameters to bind would be compiled at each start, which took a seventh of the start-up time.
    /// </summary>
    public static void MapRest(this WebApplication app)
    {
        var api = app.MapGroup("/api");

        api.MapPath("/",
            (Get, Right.read, http => Task.FromResult(TicketRoutes.Root(http.Request)), "Where the tickets are"));
        api.MapPath("/tickets",
            (Get, Right.read, http => Task.FromResult(TicketRoutes.List(http.Request, http.The<TicketReads>())),
                "All tickets that pass the filters, newest first"),
            (Post, Right.submit, http => TicketRoutes.CreateAsync(http.Request, http.The<CreateTicket>(), http.RequestAborted),
                "Creates a ticket"));
        api.MapPath("/tickets/{id}",
            (Get, Right.read, http => TicketRoutes.ReadAsync(http.Id(), http.Request, http.The<TicketReads>(), http.RequestAborted),
                "One ticket"),
            (Patch, Right.write, http => TicketRoutes.UpdateAsync(
                http.Id(), http.Request, http.The<TicketReads>(), http.The<UpdateTicket>(), http.RequestAborted),
                "Changes the fields that are given"));
        api.MapPath("/tickets/{id}/comments",
            (Get, Right.read, http => CommentRoutes.ListAsync(http.Id(), http.The<TicketReads>(), http.RequestAborted),
                "The replies and notes of a ticket, oldest first"),
            (Post, Right.write, http => CommentRoutes.AddAsync(
                http.Id(), http.Request, http.The<TicketReads>(), http.The<AddComment>(), http.RequestAborted),
                "Adds a reply or a note"));
        api.MapPath("/tickets/stats",
            (Get, Right.read, http => TicketRoutes.StatsAsync(http.The<StatsQuery>(), http.RequestAborted),
                "The figures over all tickets"));
        api.MapPath("/tickets/classify",
            (Post, Right.submit, http => TicketRoutes.ClassifyAsync(http.Request, http.The<TriageService>(), http.RequestAborted),
                "Suggests category and priority for a description"));
        api.MapPath("/tickets/suggest-title",
            (Post, Right.submit, http => TicketRoutes.SuggestTitleAsync(http.Request, http.The<TriageService>(), http.RequestAborted),
                "Suggests a title for a description"));

        app.Map("/api/{**path}", http => RequestChecks.UnknownUrl().ExecuteAsync(http)).Requires(Right.read).ExcludeFromDescription();
    }

    /// <summary>Maps the methods of one path. HEAD is handled like GET; any other method is answered with the allowed ones.</summary>
    private static void MapPath(
        this IEndpointRouteBuilder api, string path,
        params (string Method, Right Right, Func<HttpContext, Task<IResult>> Route, string Summary)[] routes)
    {
        var methods = routes.Select(route => route.Method).ToList();
        foreach (var (method, right, route, summary) in routes)
            api.MapMethods(path, method == Get ? [Get, Head] : [method], Answering(route)).Requires(right).WithSummary(summary);

        string[] implied = methods.Contains(Get) ? [Head, Options] : [Options];
        var allow = string.Join(", ", methods.Concat(implied));
        var other = Answering(http => Task.FromResult(RequestChecks.OtherMethod(http.Request, allow)));
        api.Map(path, other).Requires(Right.read).ExcludeFromDescription();
    }

    private static RequestDelegate Answering(Func<HttpContext, Task<IResult>> route) => async http =>
    {
        var answer = RequestChecks.RefuseWithoutJson(http) ?? await route(http);
        await answer.ExecuteAsync(http);
    };

    private static T The<T>(this HttpContext http) where T : notnull => http.RequestServices.GetRequiredService<T>();

    private static string Id(this HttpContext http) => (string)http.GetRouteValue("id")!;
}
