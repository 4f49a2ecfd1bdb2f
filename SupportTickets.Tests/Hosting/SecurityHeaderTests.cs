using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Hosting;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Hosting;

/// <summary>Every kind of answer of a desk in production has the same headers.</summary>
public sealed class SecurityHeaderTests(SecurityHeaderTests.Desks desks) : IClassFixture<SecurityHeaderTests.Desks>
{
    private const string Host = "desk.example.com";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    // pages and files
    [InlineData("GET", "/sign-in", 200)]
    [InlineData("GET", "/tickets", 302)]
    [InlineData("GET", "/tickets/new", 200)]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("DELETE", "/sign-in", 405)]
    [InlineData("POST", "/sign-in", 415)]
    [InlineData("POST", "/sign-in", 413, "too large")]
    [InlineData("GET", "/setup?code=x", 429, "twice")]
    [InlineData("GET", "/css/base.css", 200)]
    [InlineData("GET", "/favicon.svg", 200)]
    [InlineData("GET", "/css/none.css", 404)]
    [InlineData("GET", "/healthz", 200)]
    // REST
    [InlineData("GET", "/api/tickets/", 401)]
    [InlineData("GET", "/api/tickets/", 200, "token")]
    [InlineData("GET", "/api/tickets/999/", 404, "token")]
    [InlineData("DELETE", "/api/tickets/", 405, "token")]
    [InlineData("GET", "/api/nowhere", 404, "token")]
    [InlineData("POST", "/api/tickets/", 400)]
    [InlineData("GET", "/api/", 429, "twice")]
    [InlineData("OPTIONS", "/api/tickets/", 204, "preflight")]
    // OData
    [InlineData("GET", "/odata/$metadata", 401)]
    [InlineData("GET", "/odata/$metadata", 200, "token")]
    [InlineData("GET", "/odata/Tickets(999)", 404, "token")]
    [InlineData("DELETE", "/odata/Tickets", 405, "token")]
    [InlineData("GET", "/odata/Tickets?$filter=x", 400, "token")]
    [InlineData("GET", "/odata", 429, "twice")]
    // before any face
    [InlineData("GET", "/", 400, "foreign host")]
    [InlineData("GET", "/sign-in", 307, "plain http")]
    [InlineData("GET", "/sign-in", 500, "broken")]
    [InlineData("GET", "/api/tickets/stats/", 500, "broken")]
    [InlineData("GET", "/odata/Tickets", 500, "broken")]
    [InlineData("GET", "/sign-in", 503, "away")]
    [InlineData("GET", "/api/tickets/stats/", 503, "away")]
    [InlineData("GET", "/odata/Tickets", 503, "away")]
    [InlineData("GET", "/healthz", 503, "away")]
    public async Task Every_answer_has_them(string method, string path, int status, string how = "")
    {
        using var client = await desks.ClientAsync(how);
        using var answer = await SendAsync(client, method, path, how);
        using var again = how == "twice" ? await SendAsync(client, method, path, how) : null;
        var seen = again ?? answer;
        Assert.Equal(status, (int)seen.StatusCode);
        var headers = seen
            .Headers.Concat(seen.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in new[]
        {
            ("Content-Security-Policy", SecurityHeaders.ContentSecurityPolicy),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "same-origin"),
            ("Permissions-Policy", SecurityHeaders.PermissionsPolicy),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        })
            Assert.Equal((name, value), (name, headers.GetValueOrDefault(name)));
        // A promise for a name that is not ours, or that nobody can believe, is none.
        Assert.Equal(
            how is "plain http" or "foreign host" ? null : "max-age=31536000", headers.GetValueOrDefault("Strict-Transport-Security"));
        foreach (var told in (string[])["Server", "X-Powered-By"])
            Assert.False(headers.ContainsKey(told));
    }

    [Fact]
    public void The_policy_lets_run_load_and_send_nothing_but_the_desks_own() => Assert.Equal(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        SecurityHeaders.ContentSecurityPolicy);

    [Fact]
    public async Task In_production_every_cookie_goes_by_https_only_to_this_host_only_and_no_script_reads_it()
    {
        var person = await desks.Desk.AddPersonAsync(Role.agent, "Cookie Owner");
        using var client = await desks.ClientAsync("");
        using var page = await client.GetAsync("/sign-in", Cancel);
        using var signedIn = await client.SignInAsync(person.Email!, People.Password, stay: true);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        var ticket = await desks.Desk.AddTicketAsync();
        using var changed = await client.PostFormAsync(
            "/tickets", "/tickets", ("ticket", $"{ticket.Id}.{ticket.Version}"), ("priority", "high"));
        var cookies = new[] { page, signedIn, changed }
            .SelectMany(a => a.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            .ToList();
        string[] names = [$"device-{person.Id}", "form", "note", "session"];
        Assert.Equal(names.Select(n => $"__Host-support-tickets-{n}"), cookies.Select(c => c[..c.IndexOf('=')]).Distinct().Order());
        foreach (var cookie in cookies)
        {
            Assert.Contains("; path=/", cookie);
            Assert.Contains("; secure", cookie);
            Assert.Contains("; httponly", cookie);
            Assert.Matches("; samesite=(lax|strict)", cookie);
            Assert.DoesNotContain("domain=", cookie);
        }
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, string how)
    {
        var request = new HttpRequestMessage(new(method), path);
        if (method == "POST")
            request.Content =
                how == "too large" ? new ByteArrayContent(new byte[2048]) : new StringContent("{}", null, "application/json");
        if (how == "preflight")
        {
            request.Headers.Add("Origin", "https://app.example.com");
            request.Headers.Add("Access-Control-Request-Method", "GET");
        }
        return client.SendAsync(request, Cancel);
    }

    /// <summary>
    /// A desk that works, one with another schema than it knows and one without its database; and an address for every client.
    /// </summary>
    public sealed class Desks : IAsyncLifetime
    {
        private int _clients;

        public Desk Desk { get; private set; } = null!;

        private Desk Broken { get; set; } = null!;

        private Desk Away { get; set; } = null!;

        private Person Person { get; set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Desk = await StartAsync();
            Person = await Desk.AddPersonAsync(Role.admin);
            Broken = await StartAsync(("ACCESS", "open"));
            await using (var db = Broken.Database.Open())
                await db.Database.ExecuteSqlRawAsync(
                    "ALTER TABLE tickets RENAME COLUMN urgency_score TO elsewhere; "
                    + "ALTER TABLE ticket_totals RENAME COLUMN urgency TO elsewhere; ALTER TABLE people RENAME TO nobody");
            Away = await StartAsync(("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing?sslmode=disable"));
        }

        /// <summary>A client from an address of its own, of the desk that a test is about.</summary>
        public async Task<HttpClient> ClientAsync(string how)
        {
            var desk = how switch
            {
                "broken" => Broken,
                "away" => Away,
                _ => Desk,
            };
            var client = desk.ClientFrom(
                $"198.51.100.{Interlocked.Increment(ref _clients)}", how == "token" ? (await Desk.AddTokenAsync(Person)).Text : null);
            client.BaseAddress = new Uri(
                how == "plain http" ? $"http://{Host}" : $"https://{(how == "foreign host" ? "elsewhere.example" : Host)}");
            return client;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var desk in (Desk[])[Desk, Broken, Away])
                await desk.DisposeAsync();
        }

        private static Task<Desk> StartAsync(params (string, string)[] more) => Desk.StartAsync(
            Provider.Sqlite, services: services => services.AddTestAddresses(), settings:
            [
                ("DEBUG", "False"),
                ("SECRET_KEY", TestHost.Secret),
                ("ALLOWED_HOSTS", Host),
                ("ACCESS", "submit"),
                ("MAX_REQUEST_BYTES", "1024"),
                ("CORS_ALLOWED_ORIGINS", "https://app.example.com"),
                ("RATE_LIMIT_SIGN_IN", "1/day"),
                ("RATE_LIMIT_API", "1/day"),
                .. more,
            ]);
    }
}
