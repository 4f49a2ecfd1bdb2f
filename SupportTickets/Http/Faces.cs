namespace SupportTickets.Http;

/// <summary>Which face of the desk a request is for.</summary>
internal static class Faces
{
    // They answer by themselves, in their own formats.
    private static readonly PathString[] NotPages = ["/api", "/odata", "/healthz"];

    /// <summary>Whether it is for a page or a file of the pages.</summary>
    public static bool IsPage(HttpContext context) => !NotPages.Any(face => context.Request.Path.StartsWithSegments(face));
}
