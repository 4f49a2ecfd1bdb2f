namespace SupportTickets.Triage;

/// <summary>Registers suggestions and scores.</summary>
public static class TriageFeature
{
    /// <summary>Adds them.</summary>
    public static IServiceCollection AddTriage(this IServiceCollection services, TriageSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<TriageService>();
}
