using SupportTickets.Analytics.Live;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Analytics;

/// <summary>Reads the statistics for a caller.</summary>
public sealed class StatsQuery(TicketReads reads)
{
    /// <summary>Counts the tickets that the caller may see.</summary>
    public Task<TicketStats> HandleAsync(CancellationToken cancel) => TicketStats.OfAsync(reads, cancel);
}

/// <summary>Registers statistics and the dashboard.</summary>
public static class AnalyticsFeature
{
    /// <summary>Adds the services.</summary>
    public static IServiceCollection AddAnalytics(this IServiceCollection services) => services
        .AddScoped<StatsQuery>()
        .AddScoped<DashboardQuery>()
        .AddSingleton<SharedDashboards>();
}
