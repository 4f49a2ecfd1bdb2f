namespace SupportTickets.Rest;

/// <summary>The routes of the older system.</summary>
public static class RestFeature
{
    /// <summary>Registers them.</summary>
    public static IServiceCollection AddRest(this IServiceCollection services) => services;

    /// <summary>Maps them.</summary>
    public static void MapRest(this WebApplication app)
    {
    }
}
