using SupportTickets.Access;
using SupportTickets.Tickets.Changes;
using SupportTickets.Tickets.Live;

namespace SupportTickets.Analytics.Live;

/// <summary>
/// <c>GET /dashboard/changes?since=MARK</c>: the <see cref="ChangeStream"/> of the dashboard. The mark is the state of the changes when
/// the page was made; the id of each event is the mark to continue from. Comments, tags and files are no changes here, because no figure
/// depends on them.
/// </summary>
internal static class LiveDashboard
{
    public const string Path = "/dashboard/changes";

    /// <summary>Maps it, for those who may read.</summary>
    public static void MapDashboardChanges(this WebApplication app) => app.MapGet(Path, HandleAsync).Requires(Right.read);

    private static Task HandleAsync(HttpContext context)
    {
        var changes = context.RequestServices.GetRequiredService<TicketChanges>();
        var seal = context.RequestServices.GetRequiredService<MarkSeal>();
        var since = seal.Open(ChangeStream.Since(context));
        long seen = 0;
        return ChangeStream.WriteAsync(context, async (signal, isFirst, cancel) =>
        {
            var isNew = isFirst ? await IsNewAsync(signal.Mark, cancel) : signal.FieldChanges > seen;
            seen = signal.FieldChanges;
            return new(isNew, seal.Seal(signal.Mark));
        });

        // Whether something changed since the page was made, or since the last event before the connection broke.
        async Task<bool> IsNewAsync(ChangeMark mark, CancellationToken cancel) => since is not null
            && !since.IsSameAs(mark) && await changes.AnyOfFieldsAsync(since, mark, cancel);
    }
}
