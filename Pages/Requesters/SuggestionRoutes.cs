using SupportTickets.Access;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Pages.Requesters;

/// <summary>What the pages offer while somebody types a requester or a tag, as JSON for their script.</summary>
internal static class SuggestionRoutes
{
    private const int MaxLength = 100;

    /// <summary>Maps the addresses.</summary>
    public static void MapSuggestions(this WebApplication app)
    {
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        app.MapMethods("/requesters/suggest", methods, async (HttpContext http, RequesterReads requesters) =>
            Answer(http, await requesters.SuggestAsync(Typed(http), http.RequestAborted))).Requires(Right.write);
        app.MapMethods("/tags/suggest", methods, async (HttpContext http, TagReads tags) =>
            Answer(http, await tags.SuggestAsync(Typed(http), http.RequestAborted))).Requires(Right.write);
    }

    // Nobody types a text this long to find a name: it was pasted.
    private static string Typed(HttpContext http) => http.Request.Query["q"] is [.., { Length: <= MaxLength } text] ? text : "";

    private static IResult Answer<T>(HttpContext http, IReadOnlyList<T> rows)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(rows);
    }
}
