using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Data;
using SupportTickets.Maintenance;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData.Hostile;

public sealed class StatementTimeTests
{
    private static readonly (string, string) OneSecond = ("STATEMENT_TIMEOUT_SECONDS", "1");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_statement_that_gives_no_row_in_time_is_stopped_and_is_one_error_on_every_face(Provider provider)
    {
        var slow = new SlowDatabase(provider);
        await using var desk = await FeedDesk.StartAsync(provider, interceptor: slow, settings: OneSecond);
        await desk.SeedAsync(2);
        slow.Rewrite = sql => SlowDatabase.SlowTickets(sql, slow.Long);

        var error = await desk.FailAsync("/odata/Tickets?$filter=Title eq 'secret'", HttpStatusCode.BadRequest);
        Assert.Equal("statement_timeout", error["code"]!.GetValue<string>());
        Assert.Contains("after 1 s", error["message"]!.GetValue<string>());
        await slow.Ended.WaitAsync(Cancel);
        Assert.Equal(0, await RunningAsync(desk));
        var line = Assert.Single(desk.Warnings);
        Assert.Contains("1 s", line);
        Assert.DoesNotContain("SELECT", line);
        Assert.DoesNotContain("secret", line);

        Assert.Equal(
            "statement_timeout", (await desk.FailAsync("/odata/Tickets/$count", HttpStatusCode.BadRequest))["code"]!.GetValue<string>());
        foreach (var path in new[] { "/api/tickets/", "/api/tickets/1/", "/api/tickets/stats/", "/tickets", "/" })
        {
            using var response = await desk.Client.GetAsync(path, Cancel);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.DoesNotContain("pg_sleep", await response.Content.ReadAsStringAsync(Cancel));
        }
        Assert.Equal(0, await RunningAsync(desk));

        slow.Rewrite = null; // and the connections are as good as new
        Assert.Equal(2, (await desk.RowsAsync("/odata/Tickets")).Count);
    }

    [Theory, Providers]
    public async Task After_the_headers_are_out_a_statement_that_stalls_cuts_the_connection(Provider provider)
    {
        var slow = new SlowDatabase(provider);
        await using var desk = await FeedDesk.StartAsync(provider, interceptor: slow, settings: OneSecond);
        await desk.SeedAsync(600);
        slow.Rewrite = sql =>
            sql.Contains("LIMIT", StringComparison.Ordinal)
                ? $"SELECT q.* FROM ({sql}) AS q WHERE CASE WHEN q.id > 500 THEN {slow.Long} ELSE true END"
                : sql;

        using var response = await desk.Client.GetAsync("/odata/Tickets", HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var broken = await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(Cancel));
        Assert.True(broken is HttpRequestException or IOException, broken.ToString());
        Assert.Contains("STATEMENT_TIMEOUT_SECONDS", Assert.Single(desk.Warnings));
        Assert.Equal(0, await RunningAsync(desk));
    }

    [Theory, Providers]
    public async Task As_long_as_rows_come_a_pull_takes_as_long_as_it_needs(Provider provider)
    {
        var slow = new SlowDatabase(provider);
        await using var desk = await FeedDesk.StartAsync(provider, interceptor: slow, settings: OneSecond);
        await using (var db = desk.Database.Open())
        {
            await desk.SeedAsync(5);
            // PostgreSQL gathers 8 KB before it sends.
            await db.Tickets.ExecuteUpdateAsync(set => set.SetProperty(t => t.Description, new string('x', 20_000)), Cancel);
        }
        slow.Rewrite = sql =>
            sql.Contains("LIMIT", StringComparison.Ordinal) ? $"SELECT q.* FROM ({sql}) AS q WHERE {slow.Pause(0.4, "q.id")}" : sql;

        Assert.Equal(5, (await desk.RowsAsync("/odata/Tickets")).Count);
        Assert.Equal(
            5,
            System
                .Text.Json.Nodes.JsonNode.Parse(await desk.Client.GetStringAsync("/api/tickets/?ordering=created_at", Cancel))!
                .AsArray()
                .Count);
        Assert.True(slow.Started.IsCompleted);
        Assert.Empty(desk.Warnings);
    }

    [Theory, Providers]
    public async Task A_client_that_goes_away_stops_its_query(Provider provider)
    {
        foreach (var path in new[] { "/odata/Tickets", "/api/tickets/" })
        {
            var slow = new SlowDatabase(provider);
            await using var desk = await FeedDesk.StartAsync(provider, interceptor: slow, settings: ("STATEMENT_TIMEOUT_SECONDS", "3600"));
            await desk.SeedAsync(1);
            slow.Rewrite = sql => SlowDatabase.SlowTickets(sql, slow.Long);
            using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            var request = desk.Client.GetAsync(path, leave.Token);
            await slow.Started.WaitAsync(Cancel);
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
            await slow.Ended.WaitAsync(Cancel);
            Assert.Empty(desk.Warnings);
        }
    }

    [Theory, Providers]
    public async Task Migrations_seeding_and_verify_take_as_long_as_they_need(Provider provider)
    {
        var slow = new SlowDatabase(provider);
        await using var desk = await FeedDesk.StartAsync(provider, interceptor: slow, settings: OneSecond);
        await desk.SeedAsync(1);
        slow.Rewrite = sql => slow.Started.IsCompleted ? sql : SlowDatabase.SlowTickets(sql, slow.Pause(1.3, "status"));
        await using (var scope = desk.Services.CreateAsyncScope())
            Assert.True(await VerifyCommand.VerifyAsync(new Verification(scope.ServiceProvider), TextWriter.Null, Cancel));
        Assert.True(slow.Started.IsCompleted);

        slow.Rewrite = sql =>
            sql.Contains("sequence", StringComparison.Ordinal)
                ? $"SELECT q.* FROM ({sql}) AS q WHERE {slow.Pause(1.3, "q.\"Value\"")}"
                : sql;
        await using (var scope = desk.Services.CreateAsyncScope())
        {
            var progress = new SeedProgress(TextWriter.Null, isTerminal: false, 1, TimeProvider.System);
            Assert.True(await SeedCommand.SeedAsync(
                scope.ServiceProvider.GetRequiredService<TicketDb>(), new SeedCommand.Options(1, 1), ManualClock.Monday.UtcDateTime,
                progress, Cancel));
        }

        var migrating = new SlowDatabase(provider);
        migrating.Rewrite = sql =>
            sql.Contains("CREATE TABLE", StringComparison.Ordinal) && !migrating.Started.IsCompleted
                ? migrating.SlowStart(1.3, sql)
                : sql;
        await using var empty = await TestDatabase.CreateAsync(provider, migrated: false);
        await using var fresh = Desk.Start(empty, services: services => services
            .ConfigureDbContext<SqliteTicketDb>(options => options.AddInterceptors(migrating))
            .ConfigureDbContext<PostgresTicketDb>(options => options.AddInterceptors(migrating)), settings: OneSecond);
        Assert.True(fresh.Services.GetRequiredService<DatabaseMigrator>().IsReady);
        Assert.True(migrating.Started.IsCompleted);
    }

    [Fact]
    public async Task Waiting_for_somebody_elses_lock_ends_in_time_as_well()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Postgres, settings: OneSecond);
        await desk.SeedAsync(1);
        await using var db = desk.Database.Open();
        await using var lockedBy = await db.Database.BeginTransactionAsync(Cancel);
        await db.Tickets.ExecuteUpdateAsync(set => set.SetProperty(t => t.Title, "held"), Cancel);

        using var feed = await desk.SendAsync(HttpMethod.Patch, "/odata/Tickets(1)", """{"Status":"closed"}""");
        Assert.Equal("statement_timeout", (await FeedDesk.ErrorAsync(feed, HttpStatusCode.BadRequest))["code"]!.GetValue<string>());
        using var rest = await desk.SendAsync(HttpMethod.Patch, "/api/tickets/1/", """{"status":"closed"}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, rest.StatusCode);
        Assert.Equal(2, desk.Warnings.Count);

        await lockedBy.RollbackAsync(Cancel);
        using var free = await desk.SendAsync(HttpMethod.Patch, "/odata/Tickets(1)", """{"Status":"closed"}""");
        Assert.Equal(HttpStatusCode.OK, free.StatusCode);
    }

    // SQLite works in the thread that asks, so a statement that was answered is over; PostgreSQL tells who is at work.
    private static async Task<int> RunningAsync(FeedDesk desk)
    {
        if (desk.Database.Provider == Provider.Sqlite)
            return 0;
        await using var db = desk.Database.Open();
        return await db.Database.SqlQuery<int>($"""
            SELECT count(*)::int AS "Value" FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()
            """).SingleAsync(Cancel);
    }
}
