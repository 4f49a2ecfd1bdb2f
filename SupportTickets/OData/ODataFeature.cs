namespace SupportTickets.OData;

/// <summary>The feed at /odata.</summary>
public static class ODataFeature
{
    /// <summary>Registers it.</summary>
    public static IServiceCollection AddODataFeed(this IServiceCollection services) => services;

    /// <summary>Maps it.</summary>
    public static void MapODataFeed(this WebApplication app)
    {
    }
}
