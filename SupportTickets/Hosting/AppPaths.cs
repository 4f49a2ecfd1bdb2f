namespace SupportTickets.Hosting;

/// <summary>Where the application finds its files.</summary>
internal static class AppPaths
{
    /// <summary>
    /// A published application has wwwroot next to its assembly and runs from any folder; in development the content root is the
    /// working directory. The environment follows DEBUG, so that one setting decides.
    /// </summary>
    public static WebApplicationOptions Options(string[] args)
    {
        var published = Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        return new() { Args = args, ContentRootPath = published ? AppContext.BaseDirectory : null };
    }
}
