using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Access.Tokens;
using SupportTickets.Configuration;
using SupportTickets.Hosting;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Access;

public sealed class TokenTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Excel_and_curl_come_in_with_a_token_as_the_password_of_any_user(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var token = await desk.AddTokenAsync(Role.viewer, TokenScope.read);
        foreach (var header in (string[])
        [
            Basic($"any:{token}"), Basic($":{token}"), Basic($"ünï:{token}"), $"Bearer {token}", $"bearer {token}",
            $"BASIC {Basic($"a:{token}")[6..]}",
        ])
            Assert.Equal((header, HttpStatusCode.OK), (header, await AskAsync(desk, header, "/odata/Tickets?$top=1000")));
    }

    [Theory, Providers]
    public async Task The_user_of_Basic_authentication_may_be_in_any_charset(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var token = await desk.AddTokenAsync(Role.viewer, TokenScope.read);
        foreach (var user in (byte[][])[[0xFC], [0xFF, 0xFE, 0x00], [0xED, 0xA0, 0xBD], [0x81, 0x40], [0x00]])
        {
            var header = $"Basic {Convert.ToBase64String([.. user, (byte)':', .. Encoding.ASCII.GetBytes(token)])}";
            Assert.Equal((header, HttpStatusCode.OK), (header, await AskAsync(desk, header, "/odata/Tickets")));
            Assert.Equal((header, HttpStatusCode.OK), (header, await AskAsync(desk, header, "/api/tickets/stats/")));
            var wrong = $"Basic {Convert.ToBase64String([.. user, (byte)':', .. Encoding.ASCII.GetBytes(token), 0xFC])}";
            Assert.Equal((wrong, HttpStatusCode.Unauthorized), (wrong, await AskAsync(desk, wrong, "/odata/Tickets")));
        }
    }

    [Theory]
    [CombinedProviders("closed")]
    [CombinedProviders("open")]
    public async Task A_credential_that_is_wrong_is_refused_in_every_mode_with_both_challenges(Provider provider, string mode)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", mode));
        var token = await desk.AddTokenAsync(Role.admin);
        string[] wrong =
        [
            "Bearer",
            "Bearer ",
            "Bearer st_",
            $"Bearer {token}x",
            $"Bearer {token[..^1]}",
            $"Bearer {token.ToLowerInvariant()}",
            $"Bearer {token} {token}",
            $"Token {token}",
            token,
            "Negotiate abc",
            "Basic",
            "Basic !",
            Basic(token),
            Basic($"{token}:"),
            Basic($"any:{token} "),
            Basic("admin:correct horse battery staple"),
            "Basic /////w==",
            $"Bearer {new string('x', 5000)}",
            "Digest username=\"a\"",
        ];
        foreach (var header in wrong)
        {
            foreach (var path in (string[])["/odata/Tickets", "/api/tickets/", "/tickets", "/odata/$batch"])
            {
                using var request = new HttpRequestMessage(path.EndsWith("$batch") ? HttpMethod.Post : HttpMethod.Get, path);
                request.Headers.TryAddWithoutValidation("Authorization", header);
                using var answer = await desk.Client.SendAsync(request, Cancel);
                Assert.Equal((header, path, HttpStatusCode.Unauthorized), (header, path, answer.StatusCode));
                Assert.Equal(
                    ["Basic realm=\"SupportTickets\", charset=\"UTF-8\"", "Bearer"],
                    answer.Headers.WwwAuthenticate.Select(c => c.ToString()));
            }
        }
        using var twice = new HttpRequestMessage(HttpMethod.Get, "/odata/Tickets");
        twice.Headers.TryAddWithoutValidation("Authorization", [$"Bearer {token}", $"Bearer {token}"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await desk.Client.SendAsync(twice, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(desk, $"Bearer {token}", "/odata/Tickets"));
        // What is public does not look at it.
        Assert.Equal(HttpStatusCode.OK, await AskAsync(desk, "Bearer no", "/healthz"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(desk, "Bearer no", "/sign-in"));
    }

    [Fact]
    public async Task A_header_with_nothing_in_it_is_a_credential_that_is_wrong()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true); // the tests' own server loses it on the way
        using var request = new HttpRequestMessage(HttpMethod.Get, "/odata/Tickets");
        request.Headers.TryAddWithoutValidation("Authorization", "");
        using var answer = await desk.Client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(2, answer.Headers.WwwAuthenticate.Count);
    }

    [Theory, Providers]
    public async Task A_token_stops_when_it_expires_when_it_is_revoked_and_when_its_person_is_deactivated_on_every_instance(
        Provider provider)
    {
        var clock = new ManualClock(Start);
        await using var desk = await Desk.StartAsync(provider, clock, settings: ("ACCESS", "closed"));
        await using var other = Desk.Start(desk.Database, clock, settings: ("ACCESS", "closed"));
        var person = await desk.AddPersonAsync(Role.agent);
        var (short30, long90) = (await desk.AddTokenAsync(person, days: 30), await desk.AddTokenAsync(person, days: 90));
        clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(other, $"Bearer {short30.Text}", "/api/"));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(other, $"Bearer {short30.Text}", "/api/"));

        var revoked = await desk.AddTokenAsync(person);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(other, $"Bearer {revoked.Text}", "/api/"));
        await using (var scope = desk.Services.CreateAsyncScope())
            Assert.True(
                await scope
                    .ServiceProvider.GetRequiredService<TokenStore>()
                    .RevokeAsync(Caller.Anonymous(AccessMode.closed, null).As(person), revoked.Token.Id, Cancel));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(other, $"Bearer {revoked.Text}", "/api/"));

        Assert.Equal(HttpStatusCode.OK, await AskAsync(other, $"Bearer {long90.Text}", "/api/"));
        await using var db = desk.Database.Open();
        await db.People.ExecuteUpdateAsync(set => set.SetProperty(p => p.DeactivatedAt, clock.GetUtcNow().UtcDateTime), Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(other, $"Bearer {long90.Text}", "/api/"));
    }

    [Theory, Providers]
    public async Task A_token_has_the_rights_that_its_person_has_now(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        await desk.AddTicketAsync();
        var token = await desk.AddTokenAsync(Role.agent);
        using var client = desk.ClientWith(token);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/odata/Tickets(1)/Resolve", null, Cancel)).StatusCode);
        await using var db = desk.Database.Open();
        await db.People.ExecuteUpdateAsync(set => set.SetProperty(p => p.Role, Role.viewer), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/odata/Tickets(1)/Reopen", null, Cancel)).StatusCode);
    }

    [Theory, Providers]
    public async Task Its_last_use_is_kept_once_a_minute_and_never_stops_a_request(Provider provider)
    {
        var clock = new ManualClock(Start);
        await using var desk = await Desk.StartAsync(provider, clock, settings: ("ACCESS", "closed"));
        var token = await desk.AddTokenAsync(Role.agent);
        await using var db = desk.Database.Open();
        var stored = db.AccessTokens.AsNoTracking();
        Assert.Null((await stored.SingleAsync(Cancel)).LastUsedAt);
        await UseAsync();
        Assert.Equal(Start.UtcDateTime, (await stored.SingleAsync(Cancel)).LastUsedAt);
        clock.Advance(TimeSpan.FromSeconds(59));
        await UseAsync();
        Assert.Equal(Start.UtcDateTime, (await stored.SingleAsync(Cancel)).LastUsedAt);
        clock.Advance(TimeSpan.FromSeconds(1));
        await UseAsync();
        Assert.Equal(Start.UtcDateTime.AddMinutes(1), (await stored.SingleAsync(Cancel)).LastUsedAt);

        // Somebody else holds the row, or the database.
        clock.Advance(TimeSpan.FromMinutes(5));
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        await db.AccessTokens.ExecuteUpdateAsync(set => set.SetProperty(t => t.Name, "held"), Cancel);
        await UseAsync();
        await transaction.RollbackAsync(Cancel);
        Assert.Equal(Start.UtcDateTime.AddMinutes(1), (await stored.SingleAsync(Cancel)).LastUsedAt);

        async Task UseAsync() => Assert.Equal(HttpStatusCode.OK, await AskAsync(desk, $"Bearer {token}", "/api/"));
    }

    [Theory, Providers]
    public async Task Only_its_hash_is_stored_and_no_two_are_alike(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var person = await desk.AddPersonAsync(Role.agent);
        var (first, second) = (await desk.AddTokenAsync(person), await desk.AddTokenAsync(person));
        Assert.NotEqual(first.Text, second.Text);
        Assert.Matches("^st_[A-Za-z0-9_-]{43}$", first.Text);
        await using var db = desk.Database.Open();
        var stored = await db.AccessTokens.SingleAsync(t => t.Id == first.Token.Id, Cancel);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(first.Text)), stored.Hash);
        Assert.Equal(first.Text[..9], stored.Hint);
        stored.Hash = (await db.AccessTokens.SingleAsync(t => t.Id == second.Token.Id, Cancel)).Hash;
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(Cancel));
    }

    [Fact]
    public async Task A_token_does_not_look_after_the_account_of_its_person()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: ("ACCESS", "closed"));
        using var client = desk.ClientWith(await desk.AddTokenAsync(Role.admin));
        foreach (var path in (string[])["/settings/account", "/settings/tokens"])
        {
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, (await client.GetAsync(path, Cancel)).StatusCode));
            Assert.Equal(
                (path, HttpStatusCode.Forbidden), (path, (await client.PostAsync(path, new FormUrlEncodedContent([]), Cancel)).StatusCode));
        }
    }

    [Fact]
    public async Task The_pass_of_the_desk_for_itself_reads_and_does_not_write()
    {
        await using var desk = await Desk.StartAsync(
            Provider.Sqlite, services: services => services.Remove(services.Single(s => s.ImplementationType == typeof(WithoutWarmUp))),
            settings: ("ACCESS", "closed"));
        await desk.AddTicketAsync();
        var pass = desk.Services.GetRequiredService<WarmUpToken>().Text;
        using var client = desk.ClientWith(pass);
        foreach (var path in (string[])["/", "/tickets", "/tickets/new", "/api/tickets/stats/", "/api/tickets/1/", "/odata/Tickets?$top=1"])
            Assert.Equal((path, HttpStatusCode.OK), (path, (await client.GetAsync(path, Cancel)).StatusCode));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync("/odata/Tickets(1)/Resolve", null, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/settings/account", Cancel)).StatusCode);
    }

    [Fact]
    public async Task The_pass_ends_when_the_desk_is_warm()
    {
        await using var desk = await Desk.StartAsync(
            Provider.Sqlite, kestrel: true, services: WithoutWarmUp.Undo, settings: ("ACCESS", "closed"));
        await desk.Services.GetServices<IHostedService>().OfType<WarmUp>().Single().ExecuteTask!.WaitAsync(Cancel);
        using var client = desk.ClientWith(desk.Services.GetRequiredService<WarmUpToken>().Text);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/", Cancel)).StatusCode);
    }

    private static string Basic(string credentials) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));

    private static async Task<HttpStatusCode> AskAsync(Desk desk, string authorization, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
        using var answer = await desk.Client.SendAsync(request, Cancel);
        return answer.StatusCode;
    }
}
