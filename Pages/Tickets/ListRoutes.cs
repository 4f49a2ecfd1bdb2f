using System.Globalization;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Http;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Writing;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>
/// What the scripts of the list ask of a list in its address, as JSON: all its tickets to select them, and how many came after its page
/// was made. The parameter <c>newest</c> has <see cref="TicketPage.Newest"/> of that page.
/// </summary>
internal static class ListRoutes
{
    public const string Matching = "/tickets/matching", Newer = "/tickets/newer";

    /// <summary>Maps the addresses.</summary>
    public static void MapListRoutes(this WebApplication app)
    {
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        app.MapMethods(Matching, methods, http => AnswerAsync(http, async (list, filter, order, newest) =>
        {
            var tickets = await list.SelectAsync(filter, order, newest, ChangeTickets.MaxTickets, http.RequestAborted);
            return new { tickets = tickets.Select(Selection.Value) };
        })).Requires(Right.write);
        app.MapMethods(Newer, methods, http => AnswerAsync(http, async (list, filter, _, newest) => new
        {
            count = await list.CountNewerAsync(filter, newest, http.RequestAborted),
        })).Requires(Right.read);
    }

    private static async Task AnswerAsync<T>(HttpContext http, Func<TicketList, TicketFilter, TicketOrder, int, Task<T>> answer)
    {
        var errors = new List<string>();
        var query = ListQuery.Read(http.Request.Query, errors);
        if (query.Filter(http.Caller(), errors) is not { } filter
            || !int.TryParse(http.Request.Query["newest"].LastOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var newest))
        {
            await http.WriteFaultAsync(new Fault(StatusCodes.Status400BadRequest, "bad_request", string.Join(' ', errors)));
            return;
        }
        http.Response.Headers.CacheControl = "no-store";
        var list = http.RequestServices.GetRequiredService<TicketList>();
        await http.Response.WriteAsJsonAsync(await answer(list, filter, query.Order, newest), http.RequestAborted);
    }
}
