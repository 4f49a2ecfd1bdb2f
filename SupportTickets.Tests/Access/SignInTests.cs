using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Pages;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Access;

public sealed class SignInTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_page_that_needs_a_sign_in_leads_there_and_back(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        await desk.AddTicketAsync();
        await desk.AddPersonAsync(Role.agent, "Maria Huber");
        var site = new Site(desk);
        var refused = await site.GetAsync("/tickets?status=open&search=a%26b");
        Assert.Equal(
            (HttpStatusCode.Redirect, "/sign-in?returnUrl=%2Ftickets%3Fstatus%3Dopen%26search%3Da%2526b"),
            (refused.Status, refused.Location));
        Assert.Equal("/sign-in", (await site.GetAsync("/")).Location);

        var form = await site.GetAsync(refused.Location!);
        Assert.Empty(form.Texts(".bar nav a"));
        Assert.Empty(form.Texts(".notice"));
        var signedIn = await site.PressAsync(form, "main button", ("email", " Maria.Huber@EXAMPLE.com "), ("password", People.Password));
        Assert.Equal((HttpStatusCode.Redirect, "/tickets?status=open&search=a%26b"), (signedIn.Status, signedIn.Location));
        var list = await site.GetAsync(signedIn.Location!);
        Assert.Equal(HttpStatusCode.OK, list.Status);
        Assert.Equal("Maria Huber", list.Text(".bar .me"));
        Assert.Equal("/settings/account", list.Href(".bar .me"));
        Assert.Equal(SignedInSite.StartOf(Role.agent), (await site.GetAsync("/sign-in")).Location);

        Assert.Equal("/sign-in", (await site.PressAsync(list, ".bar form[action='/sign-out'] button")).Location);
        Assert.Equal("/sign-in?returnUrl=%2Ftickets", (await site.GetAsync("/tickets")).Location);
        Assert.Equal(["person_created", "signed_in", "signed_out"], await LogAsync(desk, e => $"{e.Act}"));
        Assert.Equal("Maria Huber about Maria Huber", (await LogAsync(desk, e => $"{e.Actor} about {e.About}"))[1]);
    }

    [Theory]
    [InlineData("/tickets/1", "/tickets/1")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("tickets", "/")]
    [InlineData("", "/")]
    public async Task Signing_in_leads_to_addresses_of_this_desk_only(string returnUrl, string expected)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: ("ACCESS", "closed"));
        var person = await desk.AddPersonAsync(Role.viewer);
        using var answer = await desk.Client.SignInAsync(person.Email!, People.Password, returnUrl: returnUrl);
        Assert.Equal(expected, answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Everybody_begins_with_their_own_work()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: ("ACCESS", "closed"));
        var ada = await desk.AddPersonAsync(Role.agent, "Ada");
        foreach (var title in (string[])["Hers", "Hers and done", "Of nobody"])
            await desk.AddTicketAsync(title, status: title == "Hers and done" ? Status.resolved : Status.open);
        await using (var db = desk.Database.Open())
            await db.Tickets.Where(t => t.Id < 3).ExecuteUpdateAsync(t => t.SetProperty(x => x.AssigneeId, ada.Id), Cancel);
        var site = await desk.SiteAsync(ada);
        var first = await site.GetAsync(SignedInSite.StartOf(Role.agent));
        Assert.Equal(["Hers"], first.Texts("tbody .col-title a"));
        Assert.Equal((SignedInSite.StartOf(Role.agent), "/"), (first.Href(".bar .brand"), first.Href(".bar nav a")));

        foreach (var role in (Role[])[Role.viewer, Role.admin])
        {
            site = new Site(desk, await desk.SignedInAsync(role));
            var dashboard = await site.GetAsync("/");
            Assert.Equal(("Dashboard", "/"), (dashboard.Text("h1"), dashboard.Href(".bar .brand")));
            // Nobody is offered what they may not do.
            foreach (var path in (string[])["/", "/tickets", "/tickets?search=nothing", "/tickets/1", "/requesters", "/nowhere"])
            {
                var offered = (await site.GetAsync(path)).Document.QuerySelector("[href='/tickets/new']");
                Assert.Equal((path, role == Role.admin), (path, offered is not null));
            }
        }
    }

    [Theory, Providers]
    public async Task Who_cannot_sign_in_is_not_told_why(Provider provider)
    {
        var clock = new ManualClock(Start);
        await using var desk = await Desk.StartAsync(provider, clock, settings: ("ACCESS", "closed"));
        var (here, gone) = (await desk.AddPersonAsync(Role.agent, "Here"), await desk.AddPersonAsync(Role.agent, "Gone"));
        await using (var db = desk.Database.Open())
            await db.People
                .Where(p => p.Id == gone.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.DeactivatedAt, Start.UtcDateTime), Cancel);
        var site = new Site(desk);
        var texts = new List<string>();
        foreach (var (email, password) in new[]
        {
            (here.Email!, "wrong"),
            (gone.Email!, People.Password),
            ("nobody@example.com", People.Password),
            ("", ""),
            ("no address", "x"),
            ($"{new string('x', 300)}@example.com", "x"),
        })
        {
            var page = await site.PressAsync(await site.GetAsync("/sign-in"), "main button", ("email", email), ("password", password));
            Assert.Equal(HttpStatusCode.BadRequest, page.Status);
            Assert.Equal(email, page.Value("email"));
            Assert.Equal("", page.Value("password"));
            texts.Add(page.Text(".problem"));
            Assert.Equal("/sign-in?returnUrl=%2Ftickets", (await site.GetAsync("/tickets")).Location);
        }
        Assert.Single(texts.Distinct());
        Assert.Equal(["Here", "Gone", "nobody@example.com", "", "", ""], (await LogAsync(desk, e => e.About, AccessAction.sign_in_failed)));
    }

    [Theory, Providers]
    public async Task What_no_database_can_hold_is_nobody(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var token = (await new Site(desk).GetAsync("/sign-in")).Value("__RequestVerificationToken");
        foreach (var email in (string[])["a\0@example.com", "\ud800@example.com"])
        {
            using var form = new MultipartFormDataContent
            {
                { new StringContent(email), "email" },
                { new StringContent("pass\0word"), "password" },
                { new StringContent(token), "__RequestVerificationToken" },
            };
            using var answer = await desk.Client.PostAsync("/sign-in", form, Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("That did not sign you in", await answer.Content.ReadAsStringAsync(Cancel));
        }
    }

    private static async Task<List<string>> LogAsync(Desk desk, Func<AccessEntry, string> text, AccessAction? act = null)
    {
        await using var db = desk.Database.Open();
        return [.. (await db.AccessLog.OrderBy(e => e.Id).ToListAsync(Cancel)).Where(e => act is null || e.Act == act).Select(text)];
    }
}
