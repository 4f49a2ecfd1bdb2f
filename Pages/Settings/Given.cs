using System.Globalization;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using SupportTickets.Access.Links;

namespace SupportTickets.Pages.Settings;

/// <summary>
/// A link to copy and pass on, shown only once, by Given.cshtml. It is kept in a cookie during the redirect, so that loading the page
/// again makes no other link; the cookie is encrypted and read only once.
/// </summary>
/// <param name="What">The beginning of a sentence that says what it does.</param>
/// <param name="Address">The whole address.</param>
/// <param name="ExpiresAt">UTC.</param>
public sealed record Given(string What, string Address, DateTime ExpiresAt)
{
    private const string Key = "link.given";

    /// <summary>The link as the browser of the administrator reaches this desk.</summary>
    public static Given Of(OneTimeLink link, string what, HttpRequest request, string path) =>
        new(what, $"{request.Scheme}://{request.Host}{request.PathBase}{path}?code={Uri.EscapeDataString(link.Code)}", link.ExpiresAt);

    /// <summary>The link stored by the previous request; null when there is none.</summary>
    public static Given? Take(ITempDataDictionary data) => data[Key] is string[] and [var what, var address, var expiresAt]
        ? new(what, address, DateTime.Parse(expiresAt, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind))
        : null;

    /// <summary>Stores it for the next request.</summary>
    public void Leave(ITempDataDictionary data) =>
        data[Key] = new[] { What, Address, ExpiresAt.ToString("O", CultureInfo.InvariantCulture) };
}
