using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using SupportTickets.Data;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Hosting;

public sealed class OutageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task While_the_database_is_away_the_desk_says_503_and_goes_on_by_itself_when_it_is_back(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var outage = await Outage.PrepareAsync(database);
        await using var host = await StartAsync(outage.Url);
        await AssertServedAsync(host);
        for (var round = 0; round < 2; round++)
        {
            await outage.BeginAsync();
            for (var request = 0; request < 3; request++) await AssertAwayAsync(host);
            await outage.EndAsync();
            await AssertServedAsync(host);
        }
        // One line an outage, not one a request, and no stack trace.
        var lines = host.Log.At(LogLevel.Warning).ToList();
        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.DoesNotContain(" at ", line));
        Assert.Equal(2, host.Log.At(LogLevel.Information).Count(line => line.Contains("database is back")));
    }

    // On PostgreSQL only: without a place for its file, a desk on SQLite does not start at all, and says why.
    [Fact]
    public async Task A_desk_that_starts_without_its_database_answers_503_until_it_is_there_and_migrated()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Postgres, migrated: false);
        await using var outage = await Outage.PrepareAsync(database);
        await outage.BeginAsync();
        var clock = new ManualTimers();
        await using var host = await StartAsync(outage.Url, clock);

        await AssertAwayAsync(host);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/no-such-page", Cancel)).StatusCode);

        await outage.EndAsync();
        clock.Fire();
        var schema = host.Services.GetRequiredService<DatabaseMigrator>();
        await schema.ExecuteTask!.WaitAsync(Cancel);
        await AssertServedAsync(host);
    }

    [Theory, Providers]
    public async Task Health_is_503_when_the_tables_are_gone(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var host = await StartAsync(database.Url);
        await using var db = database.Open();
        await db.Database.ExecuteSqlRawAsync("ALTER TABLE tickets RENAME TO elsewhere", Cancel);
        var health = await host.Client.GetAsync("/healthz", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
    }

    [Theory, Providers]
    public async Task A_commit_that_fails_is_503_and_one_line_without_a_stack_trace(Provider provider)
    {
        var (log, commits) = (new TestHost.Logged(), new FailingCommit());
        await using var desk = await Desk.StartAsync(provider, services: services => services
            .AddSingleton<ILoggerProvider>(log)
            .ConfigureDbContext<SqliteTicketDb>(options => options.AddInterceptors(commits))
            .ConfigureDbContext<PostgresTicketDb>(options => options.AddInterceptors(commits)));
        var ticket = await desk.AddTicketAsync();
        commits.Fail = true;
        object fields = new { title = "T", description = "D", category = "billing", priority = "low" };
        var change = new Dictionary<string, string> { ["Status"] = "closed" };
        using var created = await desk.Client.PostAsJsonAsync("/api/tickets/", fields, Cancel);
        using var changed = await desk.Client.PatchAsJsonAsync($"/odata/Tickets({ticket.Id})", change, Cancel);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (created.StatusCode, changed.StatusCode));
        commits.Fail = false;
        Assert.Equal(HttpStatusCode.Created, (await desk.Client.PostAsJsonAsync("/api/tickets/", fields, Cancel)).StatusCode);
        var line = Assert.Single(log.At(LogLevel.Warning));
        Assert.StartsWith("The database cannot be used, requests are answered with 503: ", line);
        Assert.DoesNotContain(" at ", line);
    }

    private static Task<TestHost> StartAsync(string url, TimeProvider? clock = null) => TestHost.StartAsync(
        url, app => app.MapGet("/count", async (TicketDb db, CancellationToken cancel) => await db.Tickets.CountAsync(cancel)),
        services: services => { if (clock is not null) services.AddSingleton(clock); });

    private static async Task AssertServedAsync(TestHost host)
    {
        Assert.Equal("0", await host.Client.GetStringAsync("/count", Cancel));
        var health = await host.Client.GetAsync("/healthz", Cancel);
        Assert.Equal("""{"status":"ok"}""", await health.Content.ReadAsStringAsync(Cancel));
        Assert.True(health.Headers.CacheControl!.NoStore);
    }

    private static async Task AssertAwayAsync(TestHost host)
    {
        var answer = await host.Client.GetAsync("/count", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter!.Delta);
        Assert.Contains("Try again", await answer.Content.ReadAsStringAsync(Cancel));
        var health = await host.Client.GetAsync("/healthz", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal("""{"status":"unavailable"}""", await health.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>The database goes away in the middle of a commit.</summary>
    private sealed class FailingCommit : DbTransactionInterceptor
    {
        public bool Fail { get; set; }

        public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result,
            CancellationToken cancellationToken = default)
        {
            if (Fail && transaction.Connection is NpgsqlConnection postgres)
                await PostgresServer.ExecuteAsync($"SELECT pg_terminate_backend({postgres.ProcessID}, 5000)");
            else if (Fail)
                throw new SqliteException("disk I/O error", 10);
            return result;
        }
    }

    /// <summary>Takes a database away and gives it back.</summary>
    private abstract class Outage : IAsyncDisposable
    {
        public abstract string Url { get; }

        public static Task<Outage> PrepareAsync(TestDatabase database) =>
            Task.FromResult<Outage>(database.Provider == Provider.Postgres ? new Unplugged(database) : new InTheWay(database));

        public abstract Task BeginAsync();

        public abstract Task EndAsync();

        public abstract ValueTask DisposeAsync();
    }

    /// <summary>SQLite: a folder stands where the file was.</summary>
    private sealed class InTheWay(TestDatabase database) : Outage
    {
        private readonly string _file = new SqliteConnectionStringBuilder(database.Settings.ConnectionString).DataSource;

        public override string Url => database.Url;

        public override Task BeginAsync()
        {
            // Open connections would go on with the file they hold.
            using (var connection = new SqliteConnection(database.Settings.ConnectionString)) SqliteConnection.ClearPool(connection);
            if (File.Exists(_file)) File.Move(_file, _file + ".away");
            Directory.CreateDirectory(_file);
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public override Task EndAsync()
        {
            using (var connection = new SqliteConnection(database.Settings.ConnectionString)) SqliteConnection.ClearPool(connection);
            Directory.Delete(_file);
            if (File.Exists(_file + ".away")) File.Move(_file + ".away", _file);
            return Task.CompletedTask;
        }
    }

    /// <summary>PostgreSQL: a wire to the server that can be pulled out.</summary>
    private sealed class Unplugged : Outage
    {
        private readonly IPEndPoint _server;
        private readonly int _port = PostgresServer.FreePort();
        private readonly List<Socket> _wires = [];
        private TcpListener? _listener;

        public Unplugged(TestDatabase database)
        {
            var settings = new NpgsqlConnectionStringBuilder(database.Settings.ConnectionString);
            _server = new IPEndPoint(Dns.GetHostAddresses(settings.Host!, AddressFamily.InterNetwork)[0], settings.Port);
            Url = new UriBuilder(database.Url) { Host = "127.0.0.1", Port = _port }.Uri.ToString();
            Plug();
        }

        public override string Url { get; }

        public override Task BeginAsync()
        {
            _listener!.Stop();
            lock (_wires)
            {
                foreach (var wire in _wires) wire.Dispose();
                _wires.Clear();
            }
            return Task.CompletedTask;
        }

        public override Task EndAsync()
        {
            Plug();
            return Task.CompletedTask;
        }

        public override async ValueTask DisposeAsync() => await BeginAsync();

        private void Plug()
        {
            _listener = new TcpListener(IPAddress.Loopback, _port);
            _listener.Start();
            _ = ForwardAsync(_listener);
        }

        private async Task ForwardAsync(TcpListener listener)
        {
            try
            {
                while (true)
                {
                    var client = await listener.AcceptSocketAsync();
                    var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    lock (_wires) _wires.AddRange([client, server]);
                    await server.ConnectAsync(_server);
                    _ = CopyAsync(client, server);
                    _ = CopyAsync(server, client);
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Unplugged.
            }
        }

        private static async Task CopyAsync(Socket from, Socket to)
        {
            try
            {
                await using var source = new NetworkStream(from);
                await using var target = new NetworkStream(to);
                await source.CopyToAsync(target);
                to.Shutdown(SocketShutdown.Send);
            }
            catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
            {
                // Unplugged.
            }
        }
    }

    /// <summary>A clock whose timers go off when told to.</summary>
    private sealed class ManualTimers : TimeProvider
    {
        private readonly List<Timer> _timers = [];

        public void Fire()
        {
            Timer[] due;
            lock (_timers) due = [.. _timers];
            foreach (var timer in due) timer.Callback(timer.State);
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(this, callback, state);
            lock (_timers) _timers.Add(timer);
            return timer;
        }

        private sealed class Timer(ManualTimers clock, TimerCallback callback, object? state) : ITimer
        {
            public TimerCallback Callback => callback;

            public object? State => state;

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
                lock (clock._timers) clock._timers.Remove(this);
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
