using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Hosting;

namespace SupportTickets.Tests.Access;

public sealed class SessionTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_session_holds_on_every_instance_and_ends_on_every_instance(Provider provider)
    {
        (string, string)[] settings = [("ACCESS", "closed"), ("SECRET_KEY", TestHost.Secret)];
        await using var desk = await Desk.StartAsync(provider, settings: settings);
        await using var other = Desk.Start(desk.Database, settings: settings);
        var person = await desk.AddPersonAsync(Role.agent);
        var (mine, theirs) = (await CookieAsync(desk, person), await CookieAsync(other, person));
        foreach (var cookie in (string[])[mine, theirs])
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(desk, cookie));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(other, cookie));
        }
        using var client = await desk.SignedInAsync(person);
        using (var everywhere = await client.PostFormAsync("/settings/account", "/settings/account?handler=SignOutEverywhere"))
            Assert.Equal("/sign-in", everywhere.Headers.Location?.ToString());
        foreach (var cookie in (string[])[mine, theirs])
        {
            Assert.Equal(HttpStatusCode.Redirect, await AskAsync(desk, cookie));
            Assert.Equal(HttpStatusCode.Redirect, await AskAsync(other, cookie));
        }
        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/tickets", Cancel)).StatusCode);
        await using var db = desk.Database.Open();
        Assert.Equal(AccessAction.signed_out_everywhere, (await db.AccessLog.OrderByDescending(e => e.Id).FirstAsync(Cancel)).Act);
    }

    [Theory, Providers]
    public async Task Signing_out_ends_the_session_for_every_copy_of_its_cookie_on_every_instance(Provider provider)
    {
        var clock = new ManualClock(Start);
        (string, string)[] settings = [("ACCESS", "closed"), ("SECRET_KEY", TestHost.Secret)];
        await using var desk = await Desk.StartAsync(provider, clock, settings: settings);
        await using var other = Desk.Start(desk.Database, clock, settings: settings);
        var person = await desk.AddPersonAsync(Role.agent);
        using var browser = desk.NewClient();
        using var signedIn = await browser.SignInAsync(person.Email!, People.Password, stay: true);
        var copies = new List<string> { SessionOf(signedIn).Split(';')[0] };
        clock.Advance(TimeSpan.FromDays(8)); // long enough for a copy to be renewed
        using (var renewing = other.NewClient())
        {
            renewing.DefaultRequestHeaders.Add("Cookie", copies[0]);
            using var renewed = await renewing.GetAsync("/tickets", Cancel);
            copies.Add(SessionOf(renewed).Split(';')[0]);
        }
        var fresh = await CookieAsync(other, person);
        Assert.NotEqual(copies[0], copies[1]);
        foreach (var copy in copies)
            Assert.Equal(HttpStatusCode.OK, await AskAsync(other, copy));

        using (var signedOut = await browser.PostFormAsync("/settings/account", "/sign-out"))
            Assert.Equal("/sign-in", signedOut.Headers.Location?.ToString());
        foreach (var instance in (Desk[])[desk, other])
        {
            foreach (var copy in copies)
                Assert.Equal(HttpStatusCode.Redirect, await AskAsync(instance, copy));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(instance, fresh)); // another session of the same person
        }
        // Nor does it sign out twice, or read by the other faces.
        using var program = desk.NewClient();
        program.DefaultRequestHeaders.Add("Cookie", copies[1]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/tickets/", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/odata/Tickets", Cancel)).StatusCode);
        await using var db = desk.Database.Open();
        Assert.Equal(1, await db.AccessLog.CountAsync(e => e.Act == AccessAction.signed_out, Cancel));
    }

    [Theory, Providers]
    public async Task A_session_of_a_version_before_goes_on_and_its_sign_out_ends_every_copy_too(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var person = await desk.AddPersonAsync(Role.agent);
        var (scheme, now) = (IdentityConstants.ApplicationScheme, DateTimeOffset.UtcNow);
        var options = desk.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(scheme);
        Claim[] claims =
        [
            new(ClaimTypes.NameIdentifier, $"{person.Id}"), new(ClaimTypes.Name, person.Name), new(ClaimTypes.Role, "agent"),
            new("stamp", person.SecurityStamp!),
        ];
        var ticket = new AuthenticationTicket(
            new(new ClaimsIdentity(claims, scheme)), new() { IssuedUtc = now, ExpiresUtc = now.AddDays(1) }, scheme);
        var cookie = $"support-tickets-session={options.TicketDataFormat.Protect(ticket)}";
        Assert.Equal(HttpStatusCode.OK, await AskAsync(desk, cookie));
        using var browser = desk.NewClient();
        browser.DefaultRequestHeaders.Add("Cookie", cookie);
        using var signedOut = await browser.PostFormAsync("/settings/account", "/sign-out");
        Assert.Equal("/sign-in", signedOut.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.Redirect, await AskAsync(desk, cookie));
    }

    [Theory, Providers]
    public async Task A_closed_account_and_a_changed_role_hold_with_the_next_request(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        using var client = await desk.SignedInAsync(Role.agent);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/tickets/new", Cancel)).StatusCode);
        await using var db = desk.Database.Open();
        await db.People.ExecuteUpdateAsync(set => set.SetProperty(p => p.Role, Role.viewer).SetProperty(p => p.Name, "Another"), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/tickets/new", Cancel)).StatusCode);
        Assert.Contains(">Another<", await client.GetStringAsync("/tickets", Cancel));
        await db.People.ExecuteUpdateAsync(set => set.SetProperty(p => p.DeactivatedAt, Start.UtcDateTime), Cancel);
        using var after = await client.GetAsync("/tickets", Cancel);
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
        Assert.Contains(after.Headers.GetValues("Set-Cookie"), c => c.StartsWith("support-tickets-session=;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_for_scripts_and_other_sites_and_secure_in_production()
    {
        await using var desk = await Desk.StartAsync(
            Provider.Sqlite,
            settings: [("ACCESS", "closed"), ("DEBUG", "False"), ("SECRET_KEY", TestHost.Secret), ("SECURE_SSL_REDIRECT", "False")]);
        var person = await desk.AddPersonAsync(Role.agent);
        var visit = await SetCookieAsync(desk, person, stay: false);
        Assert.Contains("; secure", visit);
        Assert.Contains("; samesite=lax", visit);
        Assert.Contains("; httponly", visit);
        Assert.DoesNotContain("expires", visit);
        Assert.Contains("; expires=", await SetCookieAsync(desk, person, stay: true));
        Assert.DoesNotContain(person.Email!, visit);
    }

    [Theory]
    [InlineData(true, 14)]
    [InlineData(false, 1)]
    public async Task A_session_that_is_used_goes_on_and_one_that_is_not_ends(bool stay, int days)
    {
        var clock = new ManualClock(Start);
        await using var desk = await Desk.StartAsync(Provider.Sqlite, clock, settings: ("ACCESS", "closed"));
        var cookie = (await SetCookieAsync(desk, await desk.AddPersonAsync(Role.agent), stay)).Split(';')[0];
        for (var i = 0; i < 4; i++)
        {
            clock.Advance(TimeSpan.FromDays(days) * 0.75);
            // By hand: a client's jar goes by the machine's clock.
            using var client = desk.NewClient();
            client.DefaultRequestHeaders.Add("Cookie", cookie);
            using var answer = await client.GetAsync("/tickets", Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            cookie = SessionOf(answer).Split(';')[0];
        }
        clock.Advance(TimeSpan.FromDays(days) + TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Redirect, await AskAsync(desk, cookie));
    }

    [Fact]
    public async Task What_is_read_with_and_without_a_credential_is_for_no_shared_cache()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        await desk.AddTicketAsync();
        Assert.Equal("no-cache, private", (await desk.Client.GetAsync("/odata/Tickets(1)", Cancel)).Headers.CacheControl?.ToString());
        using var client = desk.ClientWith(await desk.AddTokenAsync(Role.viewer));
        Assert.Equal("no-cache, private", (await client.GetAsync("/odata/Tickets(1)", Cancel)).Headers.CacheControl?.ToString());
    }

    private static async Task<string> SetCookieAsync(Desk desk, Person person, bool stay)
    {
        using var client = desk.NewClient();
        using var answer = await client.SignInAsync(person.Email!, People.Password, stay);
        return SessionOf(answer);
    }

    private static string SessionOf(HttpResponseMessage answer) =>
        answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("support-tickets-session=", StringComparison.Ordinal));

    private static async Task<string> CookieAsync(Desk desk, Person person) =>
        (await SetCookieAsync(desk, person, stay: false)).Split(';')[0];

    private static async Task<HttpStatusCode> AskAsync(Desk desk, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tickets");
        request.Headers.Add("Cookie", cookie);
        return (await desk.Client.SendAsync(request, Cancel)).StatusCode;
    }
}
