using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using SupportTickets.Access;
using SupportTickets.Http;
using SupportTickets.Pages.Requesters;
using SupportTickets.Pages.Shared;
using SupportTickets.Pages.Tickets;

namespace SupportTickets.Pages;

/// <summary>The pages for people, under Pages/.</summary>
public static class PagesFeature
{
    /// <summary>Registers the services.</summary>
    public static IServiceCollection AddDeskPages(this IServiceCollection services)
    {
        services.AddRazorPages().AddMvcOptions(options => options.Filters.Add<FormPostFilter>(FormPostFilter.Order));
        services.AddSingleton<IActionResultExecutor<RedirectResult>, LocalAddress>();
        services.AddPageCookies();
        services.Configure<RouteOptions>(options => options.LowercaseUrls = true);
        services.AddScoped<Uploads>();
        services.AddSingleton<PageFiles>();
        services.AddSingleton<FaultPage>();
        services.AddSingleton<IFaultWriter>(provider => provider.GetRequiredService<FaultPage>());
        return services;
    }

    /// <summary>Finds scripts and styles by their versioned addresses; before the routing, which knows only the files.</summary>
    public static void UsePageFiles(this WebApplication app) => app.Use(app.Services.GetRequiredService<PageFiles>().InvokeAsync);

    /// <summary>Maps the pages and the files of wwwroot.</summary>
    public static void MapDeskPages(this WebApplication app)
    {
        app.UseWhen(Faces.IsPage, pages => pages.UseStatusCodePages(context =>
            context.HttpContext.RequestServices.GetRequiredService<FaultPage>().WriteAsync(context.HttpContext)));
        app.MapStaticAssets().IsPublic();
        app.MapRazorPages().WithStaticAssets();
        app.MapListRoutes();
        app.MapWholeTexts();
        app.MapTicketChanges();
        app.MapSuggestions();
        app.MapAttachments();
    }
}
