namespace SupportTickets.Http;

/// <summary>Which face of the desk a request is for.</summary>
internal static class Faces
{
    // These answer in formats of their own.
    private static readonly PathString[] NotPages = ["/api", "/odata", "/healthz"];

    /// <summary>Whether a request is for a page or a file of the pages.</summary>
    public static bool IsPage(HttpContext context) => !NotPages.Any(face => context.Request.Path.StartsWithSegments(face));
}
