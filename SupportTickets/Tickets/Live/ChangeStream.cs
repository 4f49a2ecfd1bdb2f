using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using SupportTickets.Access;
using SupportTickets.Access.Gate;
using SupportTickets.Http;

namespace SupportTickets.Tickets.Live;

/// <summary>What a look found.</summary>
/// <param name="IsNew">Whether there is something that the page does not show yet.</param>
/// <param name="Id">From where to go on, should the connection break.</param>
internal readonly record struct Found(bool IsNew, string Id);

/// <summary>
/// Answers a request with server-sent events that tell a page when to fetch itself again: <c>ready</c> or <c>changed</c> first, then
/// <c>changed</c> when there is something new, and <c>beat</c> in between. While it waits it holds no connection to the database.
/// </summary>
internal static class ChangeStream
{
    private static readonly TimeSpan Reconnection = TimeSpan.FromSeconds(5);

    /// <summary>Sends the events until the reader leaves, the desk stops, or the credential no longer grants the right to read.</summary>
    /// <param name="context">The request.</param>
    /// <param name="look">Asked first (with true), and again whenever the watch has seen a change of any ticket.</param>
    public static async Task WriteAsync(HttpContext context, Func<Signal, bool, CancellationToken, Task<Found>> look)
    {
        var caller = context.Caller();
        var (listener, refusal) = context.RequestServices.GetRequiredService<ChangeWatch>()
            .Listen(caller.PersonId is { } id ? $"person {id}" : $"address {caller.Address}");
        if (refusal is not null)
        {
            await context.WriteFaultAsync(refusal);
            return;
        }
        using (listener)
        {
            context.Response.Headers["X-Accel-Buffering"] = "no"; // nginx would keep the events until there are enough of them
            await TypedResults.ServerSentEvents(EventsAsync(context, listener!, look, context.RequestAborted)).ExecuteAsync(context);
        }
    }

    /// <summary>Where to go on: the id of the last event before the connection broke, else what the page says; null for neither.</summary>
    public static string? Since(HttpContext context)
    {
        var asked = context.Request.Headers["Last-Event-ID"] is { Count: > 0 } last ? last : context.Request.Query["since"];
        return asked.Count > 0 ? asked[^1] : null;
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        HttpContext context, ChangeListener listener, Func<Signal, bool, CancellationToken, Task<Found>> look,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        var standing = context.RequestServices.GetRequiredService<CredentialRecheck>();
        long? seen = null;
        var found = default(Found);
        await foreach (var signal in listener.ReadAsync(cancel))
        {
            if (signal.IsHeartbeat && !await standing.HoldsAsync(context, Right.read, cancel)) yield break;
            var isFirst = seen is null;
            found = isFirst || signal.Changes > seen ? await look(signal, isFirst, cancel) : found with { IsNew = false };
            seen = signal.Changes;
            if (found.IsNew || isFirst || signal.IsHeartbeat)
            {
                var type = found.IsNew ? "changed" : isFirst ? "ready" : "beat";
                yield return new("", type) { EventId = found.Id, ReconnectionInterval = Reconnection };
            }
        }
    }
}
