namespace SupportTickets.Hosting;

/// <summary>The pages for people, under Pages/.</summary>
public static class PagesFeature
{
    /// <summary>Registers them.</summary>
    public static IServiceCollection AddDeskPages(this IServiceCollection services)
    {
        services.AddRazorPages();
        return services;
    }

    /// <summary>Maps them and the files of wwwroot.</summary>
    public static void MapDeskPages(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapRazorPages().WithStaticAssets();
    }
}
