using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Links;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Hosting;
using SupportTickets.Tests.Pages;

namespace SupportTickets.Tests.Access;

public sealed class InvitationTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
    private static readonly (string, string)[] Settings = [("ACCESS", "closed"), ("SECRET_KEY", TestHost.Secret)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Who_is_invited_makes_an_account_on_any_instance_once(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: Settings);
        var other = Desk.Start(desk.Database, settings: Settings);
        var site = await desk.SiteAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        var link = await site.InviteAsync(" Ada.Lovelace@example.com ", Role.viewer);
        var code = Uri.UnescapeDataString(link.Split("code=")[1]);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", code);
        Assert.DoesNotContain(code, (await site.GetAsync("/settings/users")).Html);
        await using (var db = desk.Database.Open())
        {
            var stored = await db.Invitations.SingleAsync(Cancel);
            Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(code)), stored.Hash);
            Assert.Equal(
                ("Ada.Lovelace@example.com", Role.viewer, TimeSpan.FromDays(7)),
                (stored.Email, stored.Role, stored.ExpiresAt - stored.CreatedAt));
        }

        using (var headers = await other.Client.GetAsync(link, Cancel))
        {
            Assert.True(headers.Headers.CacheControl!.NoStore);
            Assert.Equal("no-referrer", headers.Headers.GetValues("Referrer-Policy").Single());
        }
        var invited = new Site(other);
        var form = await invited.GetAsync(link);
        Assert.Equal("Ada.Lovelace@example.com", form.Text("dd"));
        var wrong = await invited.PressAsync(form, "main button", ("name", ""), ("password", "short"));
        Assert.Equal((HttpStatusCode.BadRequest, 2), (wrong.Status, wrong.Texts(".problem li").Count));
        Assert.Equal("/", (await invited.PressAsync(wrong, "main button", ("name", "Ada"), ("password", People.Password))).Location);
        Assert.Equal("Ada", (await invited.GetAsync("/tickets")).Text(".bar .me"));
        Assert.Equal(HttpStatusCode.Forbidden, (await invited.GetAsync("/tickets/new")).Status);

        var again = await new Site(desk).GetAsync(link);
        Assert.Equal((HttpStatusCode.NotFound, "This invitation does not work any more"), (again.Status, again.Text("h1")));
        var list = await site.GetAsync("/settings/users");
        Assert.Empty(list.Texts("[data-invited] li"));
        Assert.Equal(["Ada Ada.Lovelace@example.com", "Root root@example.com"], list.Texts("[data-people] .first"));
        await using (var db = desk.Database.Open())
        {
            var ada = await db.People.SingleAsync(p => p.Name == "Ada", Cancel);
            Assert.Equal((Role.viewer, ada.CreatedAt), (ada.Role, ada.SignedInAt));
            Assert.Equal(
                [
                    "person_invited Root Ada.Lovelace@example.com (viewer)",
                    "person_created anonymous Ada",
                    "invitation_accepted Ada Ada.Lovelace@example.com",
                ],
                (await db.AccessLog.Where(e => e.Act != AccessAction.signed_in).OrderBy(e => e.Id).Skip(1).ToListAsync(Cancel)).Select(
                    e => $"{e.Act} {e.Actor} {e.About}"));
        }
        other.Client.Dispose();
    }

    [Theory, Providers]
    public async Task A_link_ends_when_it_is_made_anew_when_it_is_revoked_and_after_seven_days(Provider provider)
    {
        var clock = new ManualClock(Start);
        await using var desk = await Desk.StartAsync(provider, clock, settings: Settings);
        var other = Desk.Start(desk.Database, clock, settings: Settings); // a browser of its own
        var site = await desk.SiteAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        var first = await site.InviteAsync("ada@example.com", Role.agent);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(first));

        var page = await site.GetAsync("/settings/users");
        clock.Advance(TimeSpan.FromDays(1));
        var second = await site.LinkAsync(page, "[data-renew]");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (await AskAsync(first), await AskAsync(second)));
        clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(second));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(second));

        site = await desk.SiteAsync(await desk.AddPersonAsync(Role.admin, "Another root")); // the session ended meanwhile
        Assert.Contains("expired", (await site.GetAsync("/settings/users")).Text("[data-invited] .error"));
        var third = await site.LinkAsync(page = await site.GetAsync("/settings/users"), "[data-renew]");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(third));
        Assert.Equal("Revoke the invitation of ada@example.com", page.Text("details:not([open]) .danger"));
        Assert.Equal("/settings/users", (await site.PressAsync(page, "[data-revoke]")).Location);
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(third));
        Assert.Equal(HttpStatusCode.Conflict, (await site.PressAsync(page, "[data-revoke]")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await site.PressAsync(page, "[data-renew]")).Status);
        foreach (var bad in (string[])
        [
            "/invitation",
            "/invitation?code=",
            "/invitation?code=abc",
            "/invitation?code=%00",
            third[..^1] + "%21",
            third.Replace("/invitation", "/new-password"),
        ])
            Assert.Equal((bad, HttpStatusCode.NotFound), (bad, await AskAsync(bad)));
        await using var db = desk.Database.Open();
        Assert.Equal(
            ["person_invited Root", "invitation_renewed Root", "invitation_renewed Another root", "invitation_revoked Another root"],
            (await db.AccessLog.OrderBy(e => e.Id).ToListAsync(Cancel))
                .Where(e => e.About.StartsWith("ada@", StringComparison.Ordinal))
                .Select(e => $"{e.Act} {e.Actor}"));
        other.Client.Dispose();

        async Task<HttpStatusCode> AskAsync(string link) => (await other.Client.GetAsync(link, Cancel)).StatusCode;
    }

    [Theory, Providers]
    public async Task Of_two_who_use_one_link_at_once_on_two_instances_one_gets_in(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: Settings);
        var other = Desk.Start(desk.Database, settings: Settings);
        var third = Desk.Start(desk.Database, settings: Settings); // a browser of the one who invites
        var root = await third.SiteAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        for (var round = 0; round < 3; round++)
        {
            var link = await root.InviteAsync($"ada{round}@example.com", Role.agent);
            var forms = new List<(Site Site, Answer Form)>();
            foreach (var at in (Desk[])[desk, other])
            {
                var site = new Site(at);
                forms.Add((site, await site.GetAsync(link)));
            }
            var answers = await Task.WhenAll(
                forms.Select(f =>
                    Task.Run(() => f.Site.PressAsync(f.Form, "main button", ("name", "Ada"), ("password", People.Password)))));
            Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.NotFound], answers.Select(a => a.Status).Order());
        }
        await using var db = desk.Database.Open();
        Assert.Equal(4, await db.People.CountAsync(Cancel));
        third.Client.Dispose();
        other.Client.Dispose();
    }

    [Theory, Providers]
    public async Task Only_somebody_new_is_invited_and_once(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: Settings);
        await desk.AddPersonAsync(Role.agent, "Here");
        var site = await desk.SiteAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        await site.InviteAsync("ada@example.com", Role.agent);
        var page = await site.GetAsync("/settings/users");
        foreach (var (email, words) in new[]
        {
            ("HERE@example.com", "Somebody has an account with this e-mail address already: enter another one."),
            ("ADA@example.com", "This e-mail address is invited already: make its link anew in the list below, or revoke it first."),
            ("nobody", "Enter the e-mail address like name@example.com."),
            (" ", "Enter an e-mail address."),
        })
        {
            var wrong = await site.PressAsync(page, "[data-invite] button", ("email", email));
            Assert.Equal((HttpStatusCode.BadRequest, words, email), (wrong.Status, wrong.Text(".problem li"), wrong.Value("email")));
        }
        KeyValuePair<string, string>[] fields =
        [
            new("email", "new@example.com"),
            new("role", "owner"),
            new("__RequestVerificationToken", page.Value("__RequestVerificationToken")),
        ];
        Assert.Equal("Choose a role from the list.", (await site.PostAsync("/settings/users", fields)).Text(".problem li"));
        await using var db = desk.Database.Open();
        Assert.Equal("ada@example.com", Assert.Single(db.Invitations).Email);

        // There is a limit, which the page says.
        for (var i = 1; i < Invitations.Max; i++)
            db.Invitations.Add(
                new()
                {
                    Hash = [(byte)i, (byte)(i >> 8)],
                    Email = $"p{i}@example.com",
                    NormalizedEmail = $"P{i}@EXAMPLE.COM",
                    InvitedById = 1,
                });
        await db.SaveChangesAsync(Cancel);
        Assert.Equal(
            "There are 200 open invitations. Revoke some that are not needed any more.",
            (await site.PressAsync(page, "[data-invite] button", ("email", "more@example.com"))).Text(".problem li"));
    }
}
