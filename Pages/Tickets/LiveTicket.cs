using System.Globalization;
using SupportTickets.Access;
using SupportTickets.Tickets.Live;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Pages.Tickets;

/// <summary>
/// <c>GET /tickets/{id}/changes?since=EVENT</c>: the <see cref="ChangeStream"/> of a ticket's page. The page names the newest event that
/// its reader may see; while that stays the newest, nothing changed for them.
/// </summary>
internal static class LiveTicket
{
    /// <summary>Maps it, for those who may read.</summary>
    public static void MapTicketChanges(this WebApplication app) =>
        app.MapGet("/tickets/{id:int}/changes", HandleAsync).Requires(Right.read);

    private static async Task HandleAsync(HttpContext context, int id)
    {
        var reads = context.RequestServices.GetRequiredService<TicketReads>();
        if (!await reads.ExistsAsync(id, context.RequestAborted))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        long? seen = long.TryParse(ChangeStream.Since(context), NumberStyles.None, CultureInfo.InvariantCulture, out var since)
            ? since : null;
        await ChangeStream.WriteAsync(context, async (_, _, cancel) =>
        {
            var newest = await reads.NewestEventAsync(id, cancel);
            var isNew = seen is { } before && before != newest;
            seen = newest;
            return new(isNew, newest.ToString(CultureInfo.InvariantCulture));
        });
    }
}
