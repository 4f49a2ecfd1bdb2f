using System.Collections.Concurrent;
using System.Data.Common;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Data;
using SupportTickets.Maintenance;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Hosting;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

/// <summary>A desk asked through its feed, that remembers the SQL it ran.</summary>
internal sealed class FeedDesk : IAsyncDisposable
{
    private readonly Desk _desk;
    private readonly SqlLog _log;
    private readonly TestHost.Logged _logged;
    private readonly bool _isUsual;

    private FeedDesk(Desk desk, SqlLog log, TestHost.Logged logged, bool isUsual) =>
        (_desk, _log, _logged, _isUsual) = (desk, log, logged, isUsual);

    /// <summary>This desk, asked through its other faces.</summary>
    public Desk Desk => _desk;

    public HttpClient Client => _desk.Client;

    public IServiceProvider Services => _desk.Services;

    public TestDatabase Database => _desk.Database;

    /// <summary>The statements since the last <see cref="Forget"/>.</summary>
    public IReadOnlyList<string> Sql => [.. _log.Statements];

    /// <summary>What was logged as a warning or worse.</summary>
    public IReadOnlyList<string> Warnings => [.. _logged.At(LogLevel.Warning)];

    /// <summary>Where it listens; only when started with <c>kestrel: true</c>.</summary>
    public Uri Address => _desk.Address;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A desk without tickets. One with the default settings may have served another test before.</summary>
    public static async Task<FeedDesk> StartAsync(
        Provider provider, TimeProvider? clock = null, DbCommandInterceptor? interceptor = null, bool kestrel = false,
        params (string Name, string Value)[] settings)
    {
        var isUsual = clock is null && interceptor is null && !kestrel && settings.Length == 0;
        if (isUsual && FeedDesks.Take(provider) is { } idle)
            return idle;
        var (log, logged) = (new SqlLog(), new TestHost.Logged());
        IInterceptor[] interceptors = interceptor is null ? [log] : [log, interceptor];
        var desk = await Desk.StartAsync(provider, clock, kestrel, services => services
            .AddSingleton<ILoggerProvider>(logged)
            .ConfigureDbContext<SqliteTicketDb>(options => options.AddInterceptors(interceptors))
            .ConfigureDbContext<PostgresTicketDb>(options => options.AddInterceptors(interceptors)), settings);
        return new(desk, log, logged, isUsual);
    }

    public void Forget() => _log.Statements.Clear();

    /// <summary>Stores tickets that differ in every field, with a history; some hours apart, so over many days.</summary>
    public Task SeedAsync(int count) => SeedAsync(Database, count);

    /// <summary>Seeds the database of another desk.</summary>
    public static async Task SeedAsync(TestDatabase database, int count)
    {
        await using var db = database.Open();
        var start = new DateTime(2026, 1, 1, 0, 30, 0, DateTimeKind.Utc);
        for (var i = 0; i < count; i++)
        {
            var now = start.AddHours(i * 7);
            var score = new SupportTickets.Tickets.Score((Sentiment)(i % 4), i * 7 % 101);
            var draft = new NewTicket($"Ticket {i}", $"Description {i}", (Category)(i % 4), (Priority)(i * 3 % 4), Status.open);
            var ticket = TicketLifeCycle.Create(draft, score, now, new Origin("seed", Channel.web));
            if (i % 3 != 0)
                ticket.Apply(
                    new TicketChange(null, null, null, null, i % 2 == 0 ? Status.resolved : Status.closed), null,
                    now.AddMinutes(i % 5 * 11), new Origin("seed", Channel.web));
            db.Add(ticket);
        }
        await db.SaveChangesAsync(Cancel);
    }

    /// <summary>Stores many tickets, as the command <c>seed</c> does: in a fraction of the time of <see cref="SeedAsync(int)"/>.</summary>
    public async Task SeedManyAsync(int count, DateTime now)
    {
        await using var db = Database.Open();
        await SeedCommand.SeedAsync(
            db, new(count, 1), now, new(TextWriter.Null, isTerminal: false, count, TimeProvider.System), Cancel);
    }

    /// <summary>Gives the desk three agents, two of one name, and of every four tickets one to each; the fourth is nobody's.</summary>
    public async Task<IReadOnlyList<int>> AssignSomeAsync()
    {
        var ids = new List<int>();
        foreach (var name in new[] { "Zoë", "Ada", "Ada" })
        {
            await using var people = Database.Open();
            var person = new Person
            {
                Name = name,
                Email = $"{ids.Count}@example.com",
                NormalizedEmail = $"{ids.Count}@EXAMPLE.COM",
                SecurityStamp = "stamp",
                PasswordHash = "hash",
                Role = Role.agent,
                CreatedAt = DateTime.UnixEpoch,
            };
            people.Add(person);
            await people.SaveChangesAsync(Cancel);
            ids.Add(person.Id);
        }
        await using var db = Database.Open();
        for (var i = 0; i < ids.Count; i++)
        {
            var (id, rest) = (ids[i], i + 1);
            await db.Tickets.Where(t => t.Id % 4 == rest).ExecuteUpdateAsync(t => t.SetProperty(x => x.AssigneeId, id), Cancel);
        }
        return ids;
    }

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string url, string? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(method, url, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"), headers);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string url, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request, Cancel);
    }

    /// <summary>GET, which must succeed with JSON.</summary>
    public async Task<JsonObject> GetAsync(string url, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(HttpMethod.Get, url, (HttpContent?)null, headers);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, $"{url}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>The rows of a GET.</summary>
    public async Task<List<JsonObject>> RowsAsync(string url) =>
        [.. (await GetAsync(url))["value"]!.AsArray().Select(row => row!.AsObject())];

    /// <summary>All rows, by nextLink.</summary>
    public async Task<List<JsonObject>> WalkAsync(string url, int pageSize)
    {
        var rows = new List<JsonObject>();
        for (var next = url; next is not null;)
        {
            var page = await GetAsync(next, ("Prefer", $"odata.maxpagesize={pageSize}"));
            var value = page["value"]!.AsArray();
            Assert.True(value.Count <= pageSize);
            rows.AddRange(value.Select(row => row!.AsObject()));
            Assert.True(rows.Count < 100_000, "The walk does not end.");
            next = page["@odata.nextLink"]?.GetValue<string>();
        }
        return rows;
    }

    /// <summary>The error of an answer, after checking that it is one as OData writes it and tells nothing of the inside.</summary>
    public static async Task<JsonObject> ErrorAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.Contains("OData-Version"));
        var error = JsonNode.Parse(text)!["error"]!.AsObject();
        Assert.Matches("^[a-z_]+$", error["code"]!.GetValue<string>());
        Assert.NotEmpty(error["message"]!.GetValue<string>());
        Assert.False(error.ContainsKey("innererror"));
        Assert.DoesNotContain("   at ", text);
        return error;
    }

    /// <summary>GET, which must fail like this.</summary>
    public async Task<JsonObject> FailAsync(string url, HttpStatusCode status)
    {
        using var response = await Client.GetAsync(url, Cancel);
        return await ErrorAsync(response, status);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isUsual)
        {
            await _desk.DisposeAsync();
            return;
        }
        await _desk.EmptyAsync();
        _log.Statements.Clear();
        _logged.Forget();
        FeedDesks.Keep(this);
    }

    private sealed class SqlLog : DbCommandInterceptor
    {
        public ConcurrentQueue<string> Statements { get; } = new();

        public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
        {
            // The cleaner works by itself, beside the requests of a test.
            if (!result.CommandText.StartsWith("DELETE FROM \"submissions\"", StringComparison.Ordinal)
                && !result.CommandText.StartsWith("DELETE FROM submissions", StringComparison.Ordinal))
                Statements.Enqueue(result.CommandText);
            return result;
        }
    }
}
