namespace SupportTickets.Hosting;

/// <summary>Where the application finds its own files.</summary>
internal static class AppPaths
{
    /// <summary>
    /// A published application carries wwwroot beside its assembly and runs from any folder; while developing, the
    /// content root is the working directory. The environment follows DEBUG, so that one switch decides.
    /// </summary>
    public static WebApplicationOptions Options(string[] args)
    {
        var published = Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        return new() { Args = args, ContentRootPath = published ? AppContext.BaseDirectory : null };
    }
}
