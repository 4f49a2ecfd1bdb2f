using SupportTickets.Analytics.Live;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Analytics;

/// <summary>The figures for a caller.</summary>
public sealed class StatsQuery(TicketReads reads)
{
    /// <summary>Counts the tickets that the caller may see.</summary>
    public Task<TicketStats> HandleAsync(CancellationToken cancel) => TicketStats.OfAsync(reads.Visible, cancel);
}

/// <summary>Registers the figures.</summary>
public static class AnalyticsFeature
{
    /// <summary>Adds them.</summary>
    public static IServiceCollection AddAnalytics(this IServiceCollection services) => services
        .AddScoped<StatsQuery>()
        .AddScoped<DashboardQuery>()
        .AddSingleton<ChangeWatch>();
}
