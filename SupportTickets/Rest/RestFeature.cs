using SupportTickets.Access;
using SupportTickets.Http;

namespace SupportTickets.Rest;

/// <summary>The routes of the older system, compatible with the programs that were written for it.</summary>
public static class RestFeature
{
    private const string Get = "GET", Post = "POST", Patch = "PATCH", Head = "HEAD", Options = "OPTIONS";

    /// <summary>Registers them.</summary>
    public static IServiceCollection AddRest(this IServiceCollection services) => services
        .AddSingleton<IFaultWriter, RestFaultWriter>();

    /// <summary>Maps them; each with and without the slash at its end.</summary>
    public static void MapRest(this WebApplication app)
    {
        var api = app.MapGroup("/api").AddEndpointFilter(RequestChecks.RequireJsonAsync);

        api.MapPath("/",
            (Get, Right.read, TicketRoutes.Root, "Where the tickets are"));
        api.MapPath("/tickets",
            (Get, Right.read, TicketRoutes.List, "All tickets that pass the filters, newest first"),
            (Post, Right.submit, TicketRoutes.CreateAsync, "Creates a ticket"));
        api.MapPath("/tickets/{id}",
            (Get, Right.read, TicketRoutes.ReadAsync, "One ticket"),
            (Patch, Right.write, TicketRoutes.UpdateAsync, "Changes the fields that are given"));
        api.MapPath("/tickets/stats",
            (Get, Right.read, TicketRoutes.StatsAsync, "The figures over all tickets"));
        api.MapPath("/tickets/classify",
            (Post, Right.submit, TicketRoutes.ClassifyAsync, "Suggests category and priority for a description"));
        api.MapPath("/tickets/suggest-title",
            (Post, Right.submit, TicketRoutes.SuggestTitleAsync, "Suggests a title for a description"));

        app.Map("/api/{**path}", RequestChecks.UnknownUrl).Requires(Right.read).ExcludeFromDescription();
    }

    /// <summary>Maps the methods of one path. HEAD goes where GET goes; any other method is answered with those there are.</summary>
    private static void MapPath(
        this IEndpointRouteBuilder api, string path, params (string Method, Right Right, Delegate Handler, string Summary)[] routes)
    {
        var methods = routes.Select(route => route.Method).ToList();
        foreach (var (method, right, handler, summary) in routes)
            api.MapMethods(path, method == Get ? [Get, Head] : [method], handler).Requires(right).WithSummary(summary);

        string[] implied = methods.Contains(Get) ? [Head, Options] : [Options];
        var allow = string.Join(", ", methods.Concat(implied));
        api.Map(path, (HttpRequest request) => RequestChecks.OtherMethod(request, allow)).Requires(Right.read).ExcludeFromDescription();
    }
}
