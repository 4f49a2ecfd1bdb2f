using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Access.Tokens;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Access;

public sealed class AccountPageTests
{
    private const string NewPassword = "another long password";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_new_password_signs_out_other_browsers_and_keeps_this_one(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var person = await desk.AddPersonAsync(Role.viewer);
        using var elsewhere = await desk.SignedInAsync(person);
        var site = await desk.SiteAsync(person);
        var page = await site.GetAsync("/settings/account");
        foreach (var (current, next, words) in new[]
        {
            ("wrong", NewPassword, "This is not your password. Enter the one that you sign in with now."),
            (People.Password, "short", "Choose a password of at least 12 characters: a few words are easy to remember."),
            (People.Password, person.Email!.ToUpperInvariant(), "Choose a password that is not the e-mail address."),
            (People.Password, "", "Enter a password."),
        })
        {
            var wrong = await site.PressAsync(page, "[data-password] button", ("current", current), ("password", next));
            Assert.Equal((HttpStatusCode.BadRequest, words), (wrong.Status, wrong.Text(".problem li")));
            Assert.Equal("", wrong.Value("current"));
        }
        var changed = await site.PressAsync(page, "[data-password] button", ("current", People.Password), ("password", NewPassword));
        Assert.Equal("/settings/account?saved=password", changed.Location);
        Assert.Contains("Your password was changed", (await site.GetAsync(changed.Location!)).Text(".outcome"));
        Assert.Equal(HttpStatusCode.Redirect, (await elsewhere.GetAsync("/tickets", Cancel)).StatusCode);
        using var client = desk.NewClient();
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SignInAsync(person.Email, People.Password)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await client.SignInAsync(person.Email, NewPassword)).StatusCode);
    }

    [Theory, Providers]
    public async Task Guessing_the_current_password_is_as_slow_as_guessing_to_sign_in(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var person = await desk.AddPersonAsync(Role.viewer);
        var site = await desk.SiteAsync(person);
        var page = await site.GetAsync("/settings/account");
        for (var i = 0; i < 5; i++)
            await site.PressAsync(page, "[data-password] button", ("current", $"guess {i}"), ("password", NewPassword));
        var locked = await site.PressAsync(page, "[data-password] button", ("current", People.Password), ("password", NewPassword));
        Assert.StartsWith("Wrong passwords were tried too often. Try again in ", locked.Text(".problem li"));
    }

    [Theory, Providers]
    public async Task A_new_name_stands_in_what_is_done_from_now_on(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        await desk.AddTicketAsync();
        var person = await desk.AddPersonAsync(Role.agent, "Old Name");
        var site = await desk.SiteAsync(person);
        await site.PressAsync(await site.GetAsync("/tickets/1"), ".ticket-head button[value=resolved]");
        var page = await site.GetAsync("/settings/account");
        foreach (var (name, words) in new[]
        {
            ("  ", "Enter a name."),
            (new string('n', 101), "Shorten the name."),
            ("Anonymous", "Enter another name: this one stands for the desk itself or for visitors."),
        })
            Assert.Equal(words, (await site.PressAsync(page, "[data-name] button", ("name", name))).Text(".problem li"));
        Assert.Equal(
            "/settings/account?saved=name", (await site.PressAsync(page, "[data-name] button", ("name", " New \u00a0 Name "))).Location);
        await site.PressAsync(await site.GetAsync("/tickets/1"), ".ticket-head button[value=closed]");
        await using var db = desk.Database.Open();
        Assert.Equal(["tester", "Old Name", "New Name"], await db.TicketEvents.OrderBy(e => e.Id).Select(e => e.Actor).ToListAsync(Cancel));
        Assert.Equal("New Name", (await db.AccessLog.SingleAsync(e => e.Act == AccessAction.name_changed, Cancel)).About);
    }

    [Theory, Providers]
    public async Task Tokens_are_made_shown_once_used_and_revoked(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var person = await desk.AddPersonAsync(Role.agent);
        var foreign = await desk.AddTokenAsync(await desk.AddPersonAsync(Role.agent, "Somebody else"));
        var site = await desk.SiteAsync(person);
        var page = await site.GetAsync("/settings/tokens");
        Assert.Equal("You have none.", page.Text("section .muted"));
        Assert.Equal(("read", "90"), (page.Value("scope"), page.Value("days")));
        Assert.Equal(["What is it for?", "What it may do", "Valid for"], page.Texts("[data-new-token] label"));
        Assert.Equal("Enter a name.", (await site.PressAsync(page, "[data-new-token] button", ("name", " "))).Text(".problem li"));

        var sent = await site.PressAsync(
            page, "[data-new-token] button", ("name", "<script>alert(1)</script>"), ("scope", "read"), ("days", "30"));
        Assert.Equal((HttpStatusCode.Redirect, "/settings/tokens"), (sent.Status, sent.Location));
        var made = await site.GetAsync(sent.Location!);
        Assert.DoesNotContain("<script>alert", made.Html);
        var token = made.Text("[data-token]");
        using var client = desk.ClientWith(token);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/odata/Tickets", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/odata/Tickets", null, Cancel)).StatusCode);

        var list = await site.GetAsync("/settings/tokens");
        Assert.DoesNotContain(token, list.Html);
        Assert.Contains("last used", list.Text(".tokens li"));
        var another = await site.PostAsync(
            "/settings/tokens?handler=Revoke",
            [new("id", foreign.Token.Id.ToString()), new("__RequestVerificationToken", list.Value("__RequestVerificationToken"))]);
        Assert.Equal(HttpStatusCode.NotFound, another.Status);
        // It asks once, and names what it ends.
        Assert.Equal("Revoke “<script>alert(1)</script>”", list.Text(".tokens details:not([open]) .danger"));
        Assert.Equal("/settings/tokens", (await site.PressAsync(list, ".tokens button")).Location);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/odata/Tickets", Cancel)).StatusCode);
        Assert.Empty((await site.GetAsync("/settings/tokens")).Texts(".tokens li"));
        await using var db = desk.Database.Open();
        Assert.Equal(
            ["token_created", "token_revoked"],
            (await db.AccessLog.Where(e => e.ActorId == person.Id).OrderBy(e => e.Id).Select(e => e.Act).ToListAsync(Cancel))
                .Select(a => a.ToString())
                .Except(["signed_in"]));
        Assert.Null((await db.AccessTokens.SingleAsync(t => t.Id == foreign.Token.Id, Cancel)).RevokedAt);
    }

    [Fact]
    public async Task The_page_about_programs_says_how_to_use_a_token_when_one_is_needed()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: ("ACCESS", "submit"));
        var site = await desk.SiteAsync(await desk.AddPersonAsync(Role.viewer));
        var page = await site.GetAsync("/connect");
        Assert.Equal("/settings/tokens", page.Href("main > p a"));
        Assert.DoesNotContain("Anonymous", page.Text("#excel + ol"));
        Assert.Contains("-u any:\"$TOKEN\"", page.Html.Replace("&quot;", "\"", StringComparison.Ordinal));
        Assert.Equal(2, page.Texts("code").Count(c => c.Contains("Bearer")));
    }
}
