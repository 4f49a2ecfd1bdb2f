using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Hosting;
using SupportTickets.Tests.Pages;

namespace SupportTickets.Tests.Access;

/// <summary>A desk always has an administrator.</summary>
public sealed class LastAdminTests
{
    private static readonly (string, string)[] Settings = [("ACCESS", "closed"), ("SECRET_KEY", TestHost.Secret)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task The_last_active_one_is_neither_demoted_nor_deactivated(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: Settings);
        var root = await desk.AddPersonAsync(Role.admin, "Root");
        var gone = await desk.AddPersonAsync(Role.admin, "Gone");
        var site = await desk.SiteAsync(root);
        await site.PressAsync(await site.GetAsync($"/settings/users/{gone.Id}"), "[data-deactivate] button");
        var page = await site.GetAsync($"/settings/users/{root.Id}");
        foreach (var (button, role) in new[] { ("[data-role] button", "agent"), ("[data-deactivate] button", "admin") })
        {
            var refused = await site.PressAsync(page, button, button.Contains("role") ? [("role", role)] : []);
            Assert.Equal((button, HttpStatusCode.Conflict), (button, refused.Status));
            Assert.Equal(
                "This is the only active admin, and a desk needs one. Make somebody else an admin first.", refused.Text(".problem p"));
        }
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/settings/users")).Status);
        await using var db = desk.Database.Open();
        Assert.Empty(
            db.AccessLog.Where(e =>
                e.PersonId == root.Id && (e.Act == AccessAction.role_changed || e.Act == AccessAction.person_deactivated)));
    }

    [Theory]
    [CombinedProviders(true, "[data-role] button")]
    [CombinedProviders(true, "[data-deactivate] button")]
    [CombinedProviders(false, "[data-role] button")]
    public async Task Of_two_who_do_it_at_once_on_two_instances_one_stays(Provider provider, bool toEachOther, string button)
    {
        await using var desk = await Desk.StartAsync(provider, settings: Settings);
        var other = Desk.Start(desk.Database, settings: Settings);
        var (ada, bob) = (await desk.AddPersonAsync(Role.admin, "Ada"), await desk.AddPersonAsync(Role.admin, "Bob"));
        await using var db = desk.Database.Open();
        for (var round = 0; round < 4; round++)
        {
            var (hers, his) = (await InAsync(desk, ada), await InAsync(other, bob));
            var tries = new[]
            {
                (Site: hers, Page: await hers.GetAsync($"/settings/users/{(toEachOther ? bob : ada).Id}")),
                (Site: his, Page: await his.GetAsync($"/settings/users/{(toEachOther ? ada : bob).Id}")),
            };
            var answers = await Task.WhenAll(
                tries.Select(t => Task.Run(() => t.Site.PressAsync(t.Page, button, button.Contains("role") ? [("role", "viewer")] : []))));
            // Who was demoted meanwhile may not any more; one who was deactivated is not even known.
            Assert.Single(answers, a => a.Location?.Contains("saved=") == true);
            Assert.Contains(
                answers,
                a =>
                    a.Status is HttpStatusCode.Forbidden or HttpStatusCode.Conflict
                    || a.Location?.StartsWith("/sign-in", StringComparison.Ordinal) == true);
            Assert.Equal(1, await db.People.CountAsync(p => p.Role == Role.admin && p.DeactivatedAt == null, Cancel));

            await db.People.ExecuteUpdateAsync(
                set => set.SetProperty(p => p.Role, Role.admin).SetProperty(p => p.DeactivatedAt, (DateTime?)null), Cancel);
        }
        other.Client.Dispose();

        // The session of one who was deactivated has ended.
        static async Task<Site> InAsync(Desk at, Person person)
        {
            var site = new Site(at);
            return (await site.GetAsync("/settings/account")).Status == HttpStatusCode.OK ? site : await at.SiteAsync(person);
        }
    }
}
