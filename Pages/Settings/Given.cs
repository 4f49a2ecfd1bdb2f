using SupportTickets.Access.Links;

namespace SupportTickets.Pages.Settings;

/// <summary>A link to copy and pass on, shown only once, by Given.cshtml.</summary>
/// <param name="What">The beginning of a sentence that says what it does.</param>
/// <param name="Address">The whole address.</param>
/// <param name="ExpiresAt">UTC.</param>
public sealed record Given(string What, string Address, DateTime ExpiresAt)
{
    /// <summary>The link as the browser of the administrator reaches this desk.</summary>
    public static Given Of(OneTimeLink link, string what, HttpRequest request, string path) =>
        new(what, $"{request.Scheme}://{request.Host}{request.PathBase}{path}?code={Uri.EscapeDataString(link.Code)}", link.ExpiresAt);
}
