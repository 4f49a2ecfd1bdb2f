using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Primitives;
using SupportTickets.Access;
using SupportTickets.Access.Gate;
using SupportTickets.Http;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.Analytics.Live;

/// <summary>
/// <c>GET /dashboard/changes?since=MARK</c>: server-sent events that report changes to tickets, made on any instance. The
/// mark is the state of the changes when the page was made; the id of each event is the mark to continue from. Comments, tags and files
/// are no changes here, because no figure depends on them. Events:
/// <c>ready</c> or <c>changed</c> first, then <c>changed</c> after each change, and <c>beat</c> in between.
/// </summary>
internal static class LiveDashboard
{
    public const string Path = "/dashboard/changes";

    private static readonly TimeSpan Reconnection = TimeSpan.FromSeconds(5);

    /// <summary>Maps it, for those who may read.</summary>
    public static void MapDashboardChanges(this WebApplication app) => app.MapGet(Path, HandleAsync).Requires(Right.read);

    private static async Task HandleAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var (watch, changes) = (services.GetRequiredService<ChangeWatch>(), services.GetRequiredService<TicketChanges>());
        var standing = services.GetRequiredService<CredentialRecheck>();
        var caller = context.Caller();
        var (listener, refusal) = watch.Listen(caller.PersonId is { } id ? $"person {id}" : $"address {caller.Address}");
        if (refusal is not null)
        {
            await context.WriteFaultAsync(refusal);
            return;
        }
        using (listener)
        {
            context.Response.Headers["X-Accel-Buffering"] = "no"; // nginx would keep the events until there are enough of them
            var events = EventsAsync(context, listener!, changes, standing, context.RequestAborted);
            await TypedResults.ServerSentEvents(events).ExecuteAsync(context);
        }
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        HttpContext context, ChangeListener listener, TicketChanges changes, CredentialRecheck standing,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        long? seen = null;
        await foreach (var signal in listener.ReadAsync(cancel))
        {
            if (signal.IsHeartbeat && !await standing.HoldsAsync(context, Right.read, cancel)) yield break;
            var changed = seen is { } before ? signal.Changes > before : await IsNewAsync(context, signal.Mark, changes, cancel);
            var type = changed ? "changed" : seen is null ? "ready" : "beat";
            seen = signal.Changes;
            yield return new("", type) { EventId = MarkText.Of(signal.Mark), ReconnectionInterval = Reconnection };
        }
    }

    // Whether something changed since the page was made, or since the last event before the connection broke.
    private static async Task<bool> IsNewAsync(HttpContext context, ChangeMark mark, TicketChanges changes, CancellationToken cancel)
    {
        var asked = context.Request.Headers["Last-Event-ID"] is { Count: > 0 } last ? last : context.Request.Query["since"];
        return MarkText.Parse(Last(asked)) is { } since && MarkText.Of(since) != MarkText.Of(mark)
            && await changes.AnyOfFieldsAsync(since, mark, cancel);

        static string? Last(StringValues values) => values.Count > 0 ? values[^1] : null;
    }
}
