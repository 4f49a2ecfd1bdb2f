using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Links;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Hosting;
using SupportTickets.Tests.Pages;

namespace SupportTickets.Tests.Access;

public sealed class PeoplePageTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
    private static readonly (string, string)[] Settings = [("ACCESS", "closed"), ("SECRET_KEY", TestHost.Secret)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [CombinedProviders("closed")]
    [CombinedProviders("open")]
    public async Task Only_an_admin_with_a_browser_looks_after_people(Provider provider, string mode)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", mode));
        var admin = await desk.AddPersonAsync(Role.admin);
        string[] posts =
        [
            "/settings/users",
            "/settings/users?handler=Renew",
            "/settings/users?handler=Revoke",
            .. new[] { "Role", "Deactivate", "Reactivate", "PasswordLink" }.Select(h => $"/settings/users/{admin.Id}?handler={h}"),
        ];
        string[] pages = ["/settings/users", $"/settings/users/{admin.Id}", "/settings/audit"];
        using var agent = await desk.SignedInAsync(Role.agent);
        using var viewer = await desk.SignedInAsync(Role.viewer);
        using var token = desk.ClientWith((await desk.AddTokenAsync(admin)).Text);
        foreach (var client in (HttpClient[])[agent, viewer, token])
        {
            foreach (var path in pages)
                Assert.Equal((path, HttpStatusCode.Forbidden), (path, (await client.GetAsync(path, Cancel)).StatusCode));
            foreach (var path in posts)
                Assert.Equal(
                    (path, HttpStatusCode.Forbidden),
                    (
                        path,
                        (await client.PostAsync(
                            path, new FormUrlEncodedContent([new("email", "a@example.com"), new("role", "admin")]), Cancel)).StatusCode));
        }
        Assert.DoesNotContain("/settings/users", await agent.GetStringAsync("/settings/account", Cancel));
        foreach (var path in pages)
        {
            using var answer = await desk.Client.GetAsync(path, Cancel);
            Assert.Equal(
                (HttpStatusCode.Redirect, $"/sign-in?returnUrl={Uri.EscapeDataString(path)}"),
                (answer.StatusCode, answer.Headers.Location?.ToString()));
        }
        using var root = await desk.SignedInAsync(admin);
        Assert.Contains("/settings/users", await root.GetStringAsync("/settings/account", Cancel));
        foreach (var path in pages)
            Assert.Equal((path, HttpStatusCode.OK), (path, (await root.GetAsync(path, Cancel)).StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, (await root.GetAsync("/settings/users/999999", Cancel)).StatusCode);
        // Without an antiforgery token.
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await root.PostAsync(
                "/settings/users", new FormUrlEncodedContent([new("email", "a@example.com"), new("role", "admin")]), Cancel)).StatusCode);
        await using var db = desk.Database.Open();
        Assert.Empty(db.Invitations);
    }

    [Theory, Providers]
    public async Task A_new_role_holds_at_once_and_one_who_looked_earlier_is_refused(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: Settings);
        var ada = await desk.AddPersonAsync(Role.agent, "Ada");
        using var program = desk.ClientWith((await desk.AddTokenAsync(ada)).Text);
        using var browser = await desk.SignedInAsync(ada);
        var site = await desk.SiteAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        var page = await site.GetAsync($"/settings/users/{ada.Id}");
        Assert.Equal("agent", page.Value("role"));
        Assert.Equal("Deactivate Ada", page.Text("[data-deactivate] details:not([open]) .danger"));
        var changed = await site.PressAsync(page, "[data-role] button", ("role", "viewer"));
        Assert.Equal($"/settings/users/{ada.Id}?saved=role", changed.Location);
        Assert.Equal("The role was changed.", (await site.GetAsync(changed.Location!)).Text(".outcome"));
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/tickets/new", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await program.PostAsync("/odata/Tickets", null, Cancel)).StatusCode);

        foreach (var button in (string[])["[data-role] button", "[data-deactivate] button", "[data-password-link] button"])
            Assert.Equal((button, HttpStatusCode.Conflict), (button, (await site.PressAsync(page, button)).Status));
        await using var db = desk.Database.Open();
        var stored = await db.People.SingleAsync(p => p.Id == ada.Id, Cancel);
        Assert.Equal((Role.viewer, null), (stored.Role, stored.DeactivatedAt));
        Assert.Empty(db.PasswordLinks);
        Assert.Equal(
            "Root: Ada: agent to viewer",
            (await db.AccessLog.Where(e => e.Act == AccessAction.role_changed).ToListAsync(Cancel))
                .Select(e => $"{e.Actor}: {e.About}")
                .Single());

        // An admin who is none any more has no invitation out that could make one.
        await site.PressAsync(await site.GetAsync($"/settings/users/{ada.Id}"), "[data-role] button", ("role", "admin"));
        using (var invited = await browser.PostFormAsync(
            "/settings/users", "/settings/users", ("email", "friend@example.com"), ("role", "admin")))
            Assert.Equal(HttpStatusCode.Redirect, invited.StatusCode);
        Assert.Equal(1, await db.Invitations.CountAsync(Cancel));
        await site.PressAsync(await site.GetAsync($"/settings/users/{ada.Id}"), "[data-role] button", ("role", "agent"));
        Assert.Equal(0, await db.Invitations.CountAsync(Cancel));
    }

    [Theory, Providers]
    public async Task A_deactivated_account_is_out_on_every_instance_and_comes_back_without_sessions_and_tokens(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: Settings);
        var other = Desk.Start(desk.Database, settings: Settings);
        var ada = await desk.AddPersonAsync(Role.admin, "Ada");
        using var program = other.ClientWith((await desk.AddTokenAsync(ada)).Text);
        using var browser = await other.SignedInAsync(ada);
        // What she could come back by, or let others in by.
        var hers = await desk.SiteAsync(ada);
        var invitation = await hers.InviteAsync("friend@example.com", Role.admin);
        var bob = await desk.AddPersonAsync(Role.agent, "Bob");
        var link = await hers.LinkAsync(await hers.GetAsync($"/settings/users/{bob.Id}"), "[data-password-link] button");
        Assert.Equal(HttpStatusCode.OK, (await other.Client.GetAsync(invitation, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.Client.GetAsync(link, Cancel)).StatusCode);

        var site = await (await SecondAsync()).SiteAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        Assert.Equal(
            $"/settings/users/{ada.Id}?saved=deactivated",
            (await site.PressAsync(await site.GetAsync($"/settings/users/{ada.Id}"), "[data-deactivate] button")).Location);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/tickets", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.Client.GetAsync(invitation, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.Client.GetAsync(link, Cancel)).StatusCode);
        using (var client = other.NewClient())
        {
            using var refused = await client.SignInAsync(ada.Email!, People.Password);
            Assert.Contains("Check the e-mail address and the password", await refused.Content.ReadAsStringAsync(Cancel));
        }
        var page = await site.GetAsync($"/settings/users/{ada.Id}");
        Assert.Empty(page.Texts("[data-password-link], [data-deactivate]"));
        Assert.Equal($"/settings/users/{ada.Id}?saved=reactivated", (await site.PressAsync(page, "[data-reactivate] button")).Location);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/tickets", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/", Cancel)).StatusCode);
        using (var again = await other.SignedInAsync(ada))
            Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("/tickets", Cancel)).StatusCode);
        await using var db = desk.Database.Open();
        Assert.Equal(
            ["invitation_revoked friend@example.com", "person_deactivated Ada", "person_reactivated Ada", "token_revoked A write token"],
            (await db.AccessLog.Where(e => e.Actor == "Root" && e.Act != AccessAction.signed_in).ToListAsync(Cancel))
                .Select(e => $"{e.Act} {e.About.Split(" (")[0]}")
                .Order());
        other.Client.Dispose();

        Task<Desk> SecondAsync() => Task.FromResult(Desk.Start(desk.Database, settings: Settings)); // a browser of its own
    }

    [Theory, Providers]
    public async Task Who_forgot_the_password_sets_a_new_one_by_a_link_that_holds_a_day(Provider provider)
    {
        const string next = "another long password";
        var clock = new ManualClock(Start);
        await using var desk = await Desk.StartAsync(provider, clock, settings: Settings);
        var other = Desk.Start(desk.Database, clock, settings: Settings);
        var ada = await desk.AddPersonAsync(Role.agent, "Ada");
        using var browser = await desk.SignedInAsync(ada);
        var site = await desk.SiteAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        var page = await site.GetAsync($"/settings/users/{ada.Id}");
        var first = await site.LinkAsync(page, "[data-password-link] button");
        var second = await site.LinkAsync(page, "[data-password-link] button");
        var hers = new Site(other);
        var ended = await hers.GetAsync(first);
        Assert.Equal((HttpStatusCode.NotFound, "This link does not work any more"), (ended.Status, ended.Text("h1")));
        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        var form = await hers.GetAsync(second);
        Assert.Equal("ada@example.com", form.Text("dd"));
        Assert.Equal(HttpStatusCode.BadRequest, (await hers.PressAsync(form, "main button", ("password", "short"))).Status);

        var forms = new[] { (Site: hers, Form: form), (Site: site, Form: await site.GetAsync(second)) };
        var answers = await Task.WhenAll(forms.Select(f => Task.Run(() => f.Site.PressAsync(f.Form, "main button", ("password", next)))));
        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.NotFound], answers.Select(a => a.Status).Order());
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/tickets", Cancel)).StatusCode);
        using (var client = desk.NewClient())
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await client.SignInAsync(ada.Email!, People.Password)).StatusCode);
            Assert.Equal(HttpStatusCode.Redirect, (await client.SignInAsync(ada.Email!, next)).StatusCode);
        }

        await using var db = desk.Database.Open();
        Assert.Empty(db.PasswordLinks);
        Assert.Equal(
            ["Root password_link_made Ada", "Root password_link_made Ada", "Ada password_link_used Ada"],
            (
                await db.AccessLog
                    .Where(e => e.Act == AccessAction.password_link_made || e.Act == AccessAction.password_link_used)
                    .OrderBy(e => e.Id)
                    .ToListAsync(Cancel)).Select(e => $"{e.Actor} {e.Act} {e.About}"));
        using (var root = await desk.SignedInAsync(await db.People.SingleAsync(p => p.Name == "Root", Cancel)))
        {
            var stamp = (await db.People.AsNoTracking().SingleAsync(p => p.Id == ada.Id, Cancel)).ConcurrencyStamp!;
            using var made = await root.PostFormAsync(
                "/settings/users", $"/settings/users/{ada.Id}?handler=PasswordLink", ("stamp", stamp));
            var third = new System.Text.RegularExpressions.Regex("/new-password\\?code=[^<]+")
                .Match(await root.GetStringAsync(made.Headers.Location, Cancel))
                .Value;
            clock.Advance(TimeSpan.FromHours(24));
            Assert.Equal((true, HttpStatusCode.NotFound), (third.Length > 40, (await other.Client.GetAsync(third, Cancel)).StatusCode));
        }
        other.Client.Dispose();
    }

    [Theory, Providers]
    public async Task A_new_password_says_that_tokens_go_on_and_ends_them_when_asked(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: Settings);
        var (ada, bob) = (await desk.AddPersonAsync(Role.agent, "Ada"), await desk.AddPersonAsync(Role.agent, "Bob"));
        var texts = new List<string>();
        foreach (var owner in (Person[])[ada, ada, bob]) texts.Add((await desk.AddTokenAsync(owner)).Text);
        var admin = await desk.SiteAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        var forms = new List<Answer>();
        using var browser = desk.NewClient();
        var hers = new Site(desk, browser);
        foreach (var ends in (bool[])[false, true])
        {
            var link = await admin.LinkAsync(await admin.GetAsync($"/settings/users/{ada.Id}"), "[data-password-link] button");
            forms.Add(await hers.GetAsync(link));
            Assert.StartsWith("2 tokens of this account go on working with the new password", forms[^1].Text("[data-tokens]"));
            if (ends) ((AngleSharp.Html.Dom.IHtmlInputElement)forms[^1].Document.QuerySelector("[name=tokens]")!).IsChecked = true;
            var done = await hers.PressAsync(forms[^1], "main button", ("password", $"a new long password {ends}"));
            Assert.Equal(SignedInSite.StartOf(Role.agent), done.Location);
            Assert.Equal(ends ? "401 401 200" : "200 200 200", await StatusesAsync());
        }
        // The page of one's own account says so, too.
        var account = await hers.GetAsync("/settings/account");
        Assert.Empty(account.Texts("[data-tokens]"));
        texts[0] = (await desk.AddTokenAsync(ada)).Text;
        account = await hers.GetAsync("/settings/account");
        Assert.StartsWith("1 token of this account goes on working with the new password", account.Text("[data-tokens]"));
        ((AngleSharp.Html.Dom.IHtmlInputElement)account.Document.QuerySelector("[name=tokens]")!).IsChecked = true;
        (string, string)[] passwords = [("current", "a new long password True"), ("password", "yet another long password")];
        var changed = await hers.PressAsync(account, "[data-password] button", passwords);
        Assert.Equal("/settings/account?saved=password", changed.Location);
        Assert.Equal("401 401 200", await StatusesAsync());
        await using var db = desk.Database.Open();
        var revoked = db.AccessLog.Where(e => e.Act == AccessAction.token_revoked);
        Assert.Equal(3, await revoked.CountAsync(Cancel));
        Assert.Equal(3, await revoked.CountAsync(e => e.ActorId == ada.Id && e.PersonId == ada.Id, Cancel));

        async Task<string> StatusesAsync()
        {
            var statuses = new List<int>();
            foreach (var text in texts)
            {
                using var client = desk.ClientWith(text);
                statuses.Add((int)(await client.GetAsync("/api/tickets/stats/", Cancel)).StatusCode);
            }
            return string.Join(' ', statuses);
        }
    }

    [Theory, Providers]
    public async Task People_come_by_address_a_hundred_a_page_with_when_they_signed_in(Provider provider)
    {
        var clock = new ManualClock(Start);
        await using var desk = await Desk.StartAsync(provider, clock, settings: Settings);
        var site = await desk.SiteAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        await using (var db = desk.Database.Open())
        {
            for (var i = 0; i < PeopleList.PageSize + 5; i++)
                db.People.Add(
                    new()
                    {
                        Name = i == 0 ? "<b>Bold</b>" : $"P{i}",
                        Email = $"p{i:000}@example.com",
                        NormalizedEmail = $"P{i:000}@EXAMPLE.COM",
                        SecurityStamp = "x",
                        DeactivatedAt = i == 1 ? Start.UtcDateTime : null,
                    });
            await db.SaveChangesAsync(Cancel);
        }
        var page = await site.GetAsync("/settings/users");
        Assert.Equal(PeopleList.PageSize, page.Texts("[data-people] tbody tr").Count);
        Assert.Equal(
            ["<b>Bold</b> p000@example.com Viewer not yet signed in Active", "P1 p001@example.com Viewer not yet signed in Deactivated"],
            page.Texts("[data-people] tbody tr").Take(2));
        var last = await site.GetAsync(page.Href("[rel=next]"));
        Assert.Equal(
            ["P100 p100@example.com", "P104 p104@example.com", "Root root@example.com"],
            last.Texts("[data-people] .first").Where((_, i) => i is 0 or 4 or 5));
        Assert.Equal("24 Nov 2026, 08:00 UTC", last.Texts("[data-people] time").Single());
        Assert.Empty(last.Texts("[rel=next]"));
        Assert.Equal(
            "Nothing comes after this. Go to the first page.", (await site.GetAsync("/settings/users?after=999999")).Text(".empty"));
    }
}
