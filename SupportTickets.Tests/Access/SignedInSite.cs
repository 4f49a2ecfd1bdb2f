using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Pages;

namespace SupportTickets.Tests.Access;

/// <summary>The pages as a person sees them who signed in.</summary>
internal static class SignedInSite
{
    public static async Task<Site> SiteAsync(this Desk desk, Person person)
    /// <summary>Where somebody of a role begins.</summary>
    public static string StartOf(Role role) => role == Role.agent ? "/tickets?assignee=me&open=true&sort=status" : "/";

    {
        var site = new Site(desk);
        Assert.Equal(
            StartOf(person.Role),
            (await site.PressAsync(
                await site.GetAsync("/sign-in"), "main button", ("email", person.Email!), ("password", People.Password))).Location);
        return site;
    }

    /// <summary>The path and query of the link that a page shows this once.</summary>
    public static string Link(this Answer page) => new Uri(page.Text("[data-link]")).PathAndQuery;

    /// <summary>Invites somebody by the page.</summary>
    /// <returns>The path and query of the link.</returns>
    public static async Task<string> InviteAsync(this Site site, string email, Role role) =>
        (await site.PressAsync(
            await site.GetAsync("/settings/users"), "[data-invite] button", ("email", email), ("role", role.ToString()))).Link();
}
