using SupportTickets.Access;
using SupportTickets.Pages.Shared;

namespace SupportTickets.Hosting;

/// <summary>The pages for people, under Pages/.</summary>
public static class PagesFeature
{
    // No inline script or style anywhere, so text from people that got out of its encoding still could not run.
    internal const string ContentSecurityPolicy =
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    // The other faces answer by themselves, in their own formats.
    private static readonly PathString[] OtherFaces = ["/api", "/odata", "/healthz"];

    /// <summary>Registers them.</summary>
    public static IServiceCollection AddDeskPages(this IServiceCollection services)
    {
        services.AddRazorPages().AddMvcOptions(options => options.Filters.Add<FormPostFilter>(FormPostFilter.Order));
        services.Configure<RouteOptions>(options => options.LowercaseUrls = true);
        services.AddSingleton<FaultPage>();
        services.AddSingleton<IFaultWriter>(provider => provider.GetRequiredService<FaultPage>());
        return services;
    }

    /// <summary>Maps them and the files of wwwroot.</summary>
    public static void MapDeskPages(this WebApplication app)
    {
        app.UseWhen(IsPage, pages =>
        {
            pages.Use(SendHeadersAsync);
            pages.UseStatusCodePages(context => context.HttpContext.RequestServices.GetRequiredService<FaultPage>().WriteAsync(context.HttpContext));
        });
        app.MapStaticAssets().IsPublic();
        app.MapRazorPages().WithStaticAssets();
    }

    /// <summary>Whether a request is for a page or a file of the pages.</summary>
    internal static bool IsPage(HttpContext context) => !OtherFaces.Any(face => context.Request.Path.StartsWithSegments(face));

    // As late as possible: an exception on the way clears the headers set so far.
    private static Task SendHeadersAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers.TryAdd("Referrer-Policy", "same-origin"); // a page with a secret in its address has a stricter one
            return Task.CompletedTask;
        });
        return next(context);
    }
}
