using Microsoft.AspNetCore.Mvc;

namespace SupportTickets.Pages.Shared;

/// <summary>Answers for the scripts of the pages, which send forms without leaving the page.</summary>
internal static class ScriptAnswer
{
    /// <summary>Whether a script asks, which takes JSON; a browser takes a page.</summary>
    public static bool WantsJson(this HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(accept => accept.MediaType == "application/json");

    /// <summary>The way to go on after a form was taken: a redirect for a browser, the address for a script.</summary>
    public static IActionResult GoTo(this HttpRequest request, string place) =>
        request.WantsJson() ? new JsonResult(new { place }) : new RedirectResult(place);
}
