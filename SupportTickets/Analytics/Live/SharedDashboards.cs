using SupportTickets.Tickets.Changes;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Analytics.Live;

/// <summary>A dashboard, and the change mark from before its figures were read.</summary>
public sealed record MarkedDashboard(Dashboard Dashboard, ChangeMark Mark);

/// <summary>
/// Reads a dashboard once for all open pages that fetch it because of the same change, so that its cost does not depend on how many
/// people look. Whoever opens the page, or comes back from a write, has it read anew, and so has everybody while not every reader sees
/// all tickets.
/// </summary>
public sealed class SharedDashboards(IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>Ages depend on the time, so a dashboard is handed out only for this long.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private const int Max = 100;

    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    /// <summary>The dashboard of a period.</summary>
    /// <param name="services">The services of the request.</param>
    /// <param name="told">The mark of the change that the page was told of; null when it is opened.</param>
    /// <param name="period">The period.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public Task<MarkedDashboard> GetAsync(IServiceProvider services, ChangeMark? told, Period period, CancellationToken cancel) =>
        told is null || !services.GetRequiredService<TicketReads>().EveryoneSeesAll
            ? ReadAsync(services, period, cancel) : AfterAsync(told, period).WaitAsync(cancel);

    private Task<MarkedDashboard> AfterAsync(ChangeMark told, Period period)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            _entries.RemoveAll(e => e.ReadAt + Lifetime <= now || e.Dashboard.IsFaulted || e.Dashboard.IsCanceled);
            if (_entries.Find(e => e.Period == period && e.Told.IsSameAs(told)) is { } known) return known.Dashboard;
            if (_entries.Count == Max) _entries.RemoveAt(0);
            // It does not end with the request that asked first.
            var dashboard = Task.Run(() => ReadAsync(period));
            _entries.Add(new(told, period, now, dashboard));
            return dashboard;
        }
    }

    private async Task<MarkedDashboard> ReadAsync(Period period)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await ReadAsync(scope.ServiceProvider, period, CancellationToken.None);
    }

    private static async Task<MarkedDashboard> ReadAsync(IServiceProvider services, Period period, CancellationToken cancel)
    {
        // The mark first: a change during the reading is reported once more rather than missed.
        var mark = await services.GetRequiredService<TicketChanges>().MarkAsync(cancel);
        return new(await services.GetRequiredService<DashboardQuery>().HandleAsync(period, cancel), mark);
    }

    private sealed record Entry(ChangeMark Told, Period Period, DateTimeOffset ReadAt, Task<MarkedDashboard> Dashboard);
}
