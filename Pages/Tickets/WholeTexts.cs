using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Pages.Tickets;

/// <summary>The whole text of a description or a comment, as plain text: for texts that are too long for a page.</summary>
internal static class WholeTexts
{
    private const string Plain = "text/plain; charset=utf-8";

    /// <summary>Maps the addresses.</summary>
    public static void MapWholeTexts(this WebApplication app)
    {
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        app.MapMethods("/tickets/{id:int}/description.txt", methods, http => WriteAsync(http, Reads(http).Visible
            .Where(t => t.Id == Number(http, "id")).Select(t => t.Description))).Requires(Right.read);
        app.MapMethods("/tickets/{id:int}/comments/{comment:int}.txt", methods, http => WriteAsync(http, Reads(http).Comments
            .Where(c => c.TicketId == Number(http, "id") && c.Id == Number(http, "comment")).Select(c => c.Body))).Requires(Right.read);
    }

    private static async Task WriteAsync(HttpContext http, IQueryable<string> texts)
    {
        if (await texts.SingleOrDefaultAsync(http.RequestAborted) is not { } text)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        http.Response.ContentType = Plain;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.WriteAsync(text, http.RequestAborted);
    }

    private static TicketReads Reads(HttpContext http) => http.RequestServices.GetRequiredService<TicketReads>();

    private static int Number(HttpContext http, string name) =>
        int.Parse((string)http.GetRouteValue(name)!, System.Globalization.CultureInfo.InvariantCulture);
}
