using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Triage;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Data;

/// <summary>What becomes of the file of an embedded database while the desk runs.</summary>
public sealed class SqliteFileTests
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private static readonly object Ticket = new { title = "T", description = "D", category = "billing", priority = "low" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("moved")]
    [InlineData("deleted")]
    [InlineData("replaced")]
    [InlineData("a folder")]
    [InlineData("its log deleted")]
    public async Task A_file_that_is_not_in_its_place_any_more_is_503_on_every_face_and_one_line(string what)
    {
        await using var watched = await WatchedDesk.StartAsync();
        var (desk, file) = (watched.Desk, watched.File);
        await desk.AddTicketAsync();
        await AssertServedAsync(desk);

        var away = file + ".away";
        File.Copy(file, away + ".copy");
        File.Move(what == "its log deleted" ? file + "-wal" : file, away);
        if (what == "replaced") File.Copy(away + ".copy", file);
        if (what == "a folder") Directory.CreateDirectory(file);
        if (what == "deleted") File.Delete(away);
        await AssertRefusedAsync(desk);
        Assert.Contains(file, Assert.Single(watched.Warnings));
        Assert.DoesNotContain(" at ", watched.Warnings.Single());
        Assert.Equal(what is "replaced" or "a folder" or "its log deleted", Path.Exists(file)); // nobody made a new one
        if (what == "replaced")
        {
            // Started again, the desk has what is in the other file, and nothing of what the log of the first one has.
            await watched.StopAsync();
            await UntilAsync(new TimerClock(), () => File.Exists(file + "-wal.orphan"));
            await using var again = Desk.Start(desk.Database);
            Assert.Empty(await again.TicketsAsync());
            await AssertServedAsync(again);
        }
        if (what is not ("moved" or "a folder")) return;

        // The very same file is back: nothing was lost, and nothing has to be started again.
        if (what == "a folder") Directory.Delete(file);
        File.Move(away, file);
        await AssertServedAsync(desk);
        Assert.Equal(3, (await desk.TicketsAsync()).Count);
    }

    [Fact]
    public async Task A_desk_that_nobody_asks_notices_by_itself()
    {
        var clock = new TimerClock();
        await using var watched = await WatchedDesk.StartAsync(clock);
        File.Move(watched.File, watched.File + ".away");
        await UntilAsync(clock, () => watched.Warnings.Count > 0);
        Assert.Contains("moved", watched.Warnings.Single());
        for (var look = 0; look < 10; look++) clock.Advance(Look);
        Assert.Single(watched.Warnings);
    }

    [Theory]
    [InlineData("POST", "/api/tickets/")]
    [InlineData("PATCH", "/api/tickets/1/")]
    [InlineData("DELETE", "/odata/Tickets(1)")]
    [InlineData("POST", "/odata/$batch")]
    public async Task A_write_during_which_the_file_goes_is_not_confirmed(string method, string path)
    {
        var gone = new DuringCommit();
        await using var watched = await WatchedDesk.StartAsync(interceptor: gone);
        await watched.Desk.AddTicketAsync();
        gone.Then = () => File.Move(watched.File, watched.File + ".away");
        using var answer = await SendAsync(watched.Desk, method, path);
        Assert.Null(gone.Then);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(IsUnavailable(answer, text), $"{(int)answer.StatusCode} {text}");
        Assert.DoesNotContain("\"status\":201", text);
    }

    [Theory]
    [InlineData("its beginning")]
    [InlineData("all but its beginning")]
    [InlineData("emptied")]
    public async Task A_damaged_file_is_503_on_every_face_and_one_line_until_it_is_whole_again(string what)
    {
        var clock = new TimerClock();
        await using var watched = await WatchedDesk.StartAsync(clock);
        var (desk, file) = (watched.Desk, watched.File);
        for (var i = 0; i < 20; i++) await desk.AddTicketAsync();
        await CheckpointAsync(desk);
        await AssertServedAsync(desk);
        await CheckpointAsync(desk);
        var whole = await File.ReadAllBytesAsync(file, Cancel);

        await OverwriteAsync(stream =>
        {
            if (what == "emptied") stream.SetLength(0);
            else if (what == "its beginning") stream.Write(Encoding.ASCII.GetBytes(new string('x', 4096)));
            else
            {
                stream.Position = 4096;
                stream.Write(Encoding.ASCII.GetBytes(new string('x', whole.Length - 4096)));
            }
        });
        await AssertRefusedAsync(desk);
        Assert.Contains($"{file} is damaged", Assert.Single(watched.Warnings));

        await OverwriteAsync(stream => stream.Write(whole));
        for (var look = 0; look < 20; look++) clock.Advance(Look);
        await UntilAsync(clock, () => desk.Client.GetAsync("/healthz", Cancel).GetAwaiter().GetResult().IsSuccessStatusCode);
        await AssertServedAsync(desk);

        async Task OverwriteAsync(Action<Stream> write)
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            write(stream);
        }
    }

    [Fact]
    public async Task The_log_shrinks_again_when_no_reader_needs_it_any_more()
    {
        var clock = new TimerClock();
        var watched = await WatchedDesk.StartAsync(clock);
        var log = new FileInfo(watched.File + "-wal");
        await using (watched)
        {
            await using (var slow = new SqliteConnection(watched.Desk.Database.Settings.ConnectionString))
            {
                await slow.OpenAsync(Cancel);
                await using var reading = slow.BeginTransaction(deferred: true);
                await using var command = slow.CreateCommand();
                (command.CommandText, command.Transaction) = ("SELECT count(*) FROM tickets", reading);
                await command.ExecuteScalarAsync(Cancel);
                for (var i = 0; i < 12; i++)
                {
                    object large = new { title = "T", description = new string('x', 1_000_000), category = "billing", priority = "low" };
                    using var answer = await watched.Desk.Client.PostAsJsonAsync("/api/tickets/", large, Cancel);
                    Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
                }
                for (var look = 0; look < 3; look++) clock.Advance(Look);
                Assert.InRange(Bytes(), 12_000_000, long.MaxValue);
                Assert.Equal(0L, await command.ExecuteScalarAsync(Cancel)); // still what it began with
            }
            await UntilAsync(clock, () => Bytes() == 0);
            using var more = await watched.Desk.Client.PostAsJsonAsync("/api/tickets/", Ticket, Cancel);
            Assert.Equal(HttpStatusCode.Created, more.StatusCode);
            Assert.InRange(Bytes(), 1, 4_000_000);
            await watched.StopAsync();
            // A desk that ended leaves one file, which can be copied.
            await UntilAsync(clock, () => !File.Exists(log.FullName));
            await using var db = watched.Desk.Database.Open();
            Assert.Equal(13, await db.Tickets.CountAsync(Cancel));
        }

        long Bytes()
        {
            log.Refresh();
            return log.Length;
        }
    }

    [Fact]
    public async Task A_copy_that_was_made_beside_the_desk_is_whole_and_serves()
    {
        await using var watched = await WatchedDesk.StartAsync();
        await watched.Desk.AddTicketAsync("In the log still");
        await using var copy = await TestDatabase.CreateAsync(Provider.Sqlite, migrated: false);
        await using (var db = watched.Desk.Database.Open())
            await db.Database.ExecuteSqlAsync($"VACUUM INTO {WatchedDesk.FileOf(copy)}", Cancel);
        await using var restored = Desk.Start(copy);
        await AssertServedAsync(restored);
        // Readers and a writer do not wait for each other, which a copy like this one has to be told anew.
        await using var again = copy.Open();
        Assert.Equal("wal", (await again.Database.SqlQuery<string>($"PRAGMA journal_mode").ToListAsync(Cancel)).Single());
    }

    private static async Task AssertServedAsync(Desk desk)
    {
        foreach (var path in (string[])["/healthz", "/api/tickets/", "/odata/Tickets", "/tickets", "/"])
            Assert.Equal((path, HttpStatusCode.OK), (path, (await desk.Client.GetAsync(path, Cancel)).StatusCode));
        Assert.Equal(HttpStatusCode.Created, (await desk.Client.PostAsJsonAsync("/api/tickets/", Ticket, Cancel)).StatusCode);
    }

    private static async Task AssertRefusedAsync(Desk desk)
    {
        string[] reads =
        [
            "/healthz",
            "/api/tickets/",
            "/api/tickets/1/",
            "/api/tickets/stats/",
            "/odata/Tickets",
            "/odata/Tickets(1)",
            "/odata/Tickets/$count",
            "/",
            "/tickets",
            "/tickets/1",
            "/tickets/export.csv",
            "/tickets/comments.csv",
        ];
        foreach (var path in reads)
            Assert.Equal((path, HttpStatusCode.ServiceUnavailable), (path, (await desk.Client.GetAsync(path, Cancel)).StatusCode));
        foreach (var (method, path) in ((string, string)[])
            [("POST", "/api/tickets/"), ("PATCH", "/api/tickets/1/"), ("DELETE", "/odata/Tickets(1)"), ("POST", "/odata/$batch")])
        {
            using var answer = await SendAsync(desk, method, path);
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.True(IsUnavailable(answer, text), $"{method} {path} {(int)answer.StatusCode} {text}");
        }
    }

    // A batch tells what became of its parts within its own answer.
    private static bool IsUnavailable(HttpResponseMessage answer, string text) =>
        answer.StatusCode == HttpStatusCode.ServiceUnavailable || text.Contains("\"status\":503");

    private static async Task<HttpResponseMessage> SendAsync(Desk desk, string method, string path)
    {
        object part = new
        {
            id = "1",
            atomicityGroup = "g",
            method = "POST",
            url = "Tickets",
            headers = new Dictionary<string, string> { ["content-type"] = "application/json" },
            body = new Dictionary<string, string>
            {
                ["Title"] = "T",
                ["Description"] = "D",
                ["Category"] = "billing",
                ["Priority"] = "low",
            },
        };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = JsonContent.Create(path.Contains("$batch") ? new { requests = new[] { part } } : Ticket);
        await request.Content.LoadIntoBufferAsync(Cancel);
        return await desk.Client.SendAsync(request, Cancel);
    }

    private static async Task CheckpointAsync(Desk desk)
    {
        await using var db = desk.Database.Open();
        await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", Cancel);
    }

    // Moves the clock on until the desk has done something about it.
    private static async Task UntilAsync(TimerClock clock, Func<bool> done)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (!done())
        {
            clock.Advance(Look);
            await Task.Delay(10, limit.Token);
        }
    }

    /// <summary>Does something once, in the middle of a commit.</summary>
    private sealed class DuringCommit : DbTransactionInterceptor
    {
        public Action? Then { get; set; }

        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result,
            CancellationToken cancellationToken = default)
        {
            Then?.Invoke();
            Then = null;
            return new(result);
        }
    }
}
