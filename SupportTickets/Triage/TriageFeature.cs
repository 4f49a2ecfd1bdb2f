using SupportTickets.Configuration;
using SupportTickets.Tickets;
using SupportTickets.Triage.BuiltIn;

namespace SupportTickets.Triage;

/// <summary>Registers suggestions and scores.</summary>
public static class TriageFeature
{
    // The provider's IP address may change, so connections must not outlive its DNS record for long.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Adds the services.</summary>
    public static IServiceCollection AddTriage(this IServiceCollection services, TriageSettings settings)
    {
        services.AddHttpClient(TriageProvider.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan) // the SDK has one
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectTimeout = settings.Timeout,
                PooledConnectionLifetime = ConnectionLifetime,
            })
            .AddHttpMessageHandler(() => new WholeAnswer())
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        return services
            .AddSingleton(settings)
            .AddSingleton<TriageProvider>()
            .AddSingleton(ModelPath.Shipped)
            .AddSingleton<BuiltInTriage>()
            .AddSingleton<TriageService>()
            .AddSingleton<IScoring>(provider => provider.GetRequiredService<TriageService>())
            .AddScoped<RescoreTicket>()
            .AddHostedService<RescoringWorker>();
    }
}
