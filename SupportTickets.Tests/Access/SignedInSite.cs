using System.Net;
using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Pages;

namespace SupportTickets.Tests.Access;

/// <summary>The pages as a person sees them who signed in.</summary>
internal static class SignedInSite
{
    /// <summary>Where somebody of a role begins.</summary>
    public static string StartOf(Role role) => role == Role.agent ? "/tickets?assignee=me&open=true&sort=status" : "/";

    public static async Task<Site> SiteAsync(this Desk desk, Person person)
    {
        var site = new Site(desk);
        Assert.Equal(
            StartOf(person.Role),
            (await site.PressAsync(
                await site.GetAsync("/sign-in"), "main button", ("email", person.Email!), ("password", People.Password))).Location);
        return site;
    }

    /// <summary>
    /// Presses a button that makes a link. The page after it shows the link this once, and loading that again makes no other.
    /// </summary>
    /// <returns>The path and query of the link.</returns>
    public static async Task<string> LinkAsync(this Site site, Answer page, string button, params (string Name, string Value)[] fields)
    {
        var pressed = await site.PressAsync(page, button, fields);
        Assert.Equal(HttpStatusCode.Redirect, pressed.Status);
        var link = new Uri((await site.GetAsync(pressed.Location!)).Text("[data-link]")).PathAndQuery;
        Assert.Empty((await site.GetAsync(pressed.Location!)).Texts("[data-link]"));
        return link;
    }

    /// <summary>Invites somebody by the page.</summary>
    /// <returns>The path and query of the link.</returns>
    public static async Task<string> InviteAsync(this Site site, string email, Role role) => await site.LinkAsync(
        await site.GetAsync("/settings/users"), "[data-invite] button", ("email", email), ("role", role.ToString()));
}
