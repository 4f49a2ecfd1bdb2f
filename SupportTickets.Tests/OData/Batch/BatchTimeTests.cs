using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData.Batch;

public sealed class BatchTimeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, CombinedProviders(true), CombinedProviders(false)]
    public async Task What_a_batch_does_not_reach_in_its_time_is_refused_and_not_done(Provider provider, bool json)
    {
        var clock = new TimerClock();
        var slow = new Slow(clock, "lower", TimeSpan.FromSeconds(6));
        await using var desk = await FeedDesk.StartAsync(provider, clock, slow, settings: ("ODATA_MAX_BATCH_SECONDS", "10"));
        const string Reading = "Tickets?$filter=tolower(Title) eq 'x'";
        Part[] parts =
        [
            Part.Create("a", "A"),
            Part.Get("b", Reading),
            Part.Get("c", Reading),
            Part.Get("d", "Tickets"),
            Part.Create("e", "E"),
            Part.Create("f", "F", "g"),
            Part.Create("h", "H", "g"),
        ];
        var answers = await desk.BatchAsync(json, parts, ("Prefer", "continue-on-error"));
        Assert.Equal(
            ["a 201", "b 200", "c 503", "d 503", "e 503", .. json ? new[] { "f 503", "h 503" } : ["f 503"]],
            answers.Select(a => $"{a.Id} {a.Status}"));
        Assert.All(answers.Skip(2), a =>
        {
            Assert.Equal("batch_timeout", a.Json["error"]!["code"]!.GetValue<string>());
            Assert.Contains("10 s (ODATA_MAX_BATCH_SECONDS)", a.Json["error"]!["message"]!.GetValue<string>());
            Assert.True(a.Headers.ContainsKey("Retry-After"));
        });
        // Each batch has a time of its own, and a single request has none.
        Assert.Equal([200], (await desk.BatchAsync(json, [Part.Get("a", Reading)])).Select(a => a.Status));
        Assert.Empty(await desk.RowsAsync("/odata/" + Reading));
        Assert.Equal("1", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
    }

    [Theory, CombinedProviders(true), CombinedProviders(false)]
    public async Task A_change_set_that_runs_out_of_time_is_rolled_back(Provider provider, bool json)
    {
        var clock = new TimerClock();
        var slow = new Slow(clock, "UPDATE ", TimeSpan.FromSeconds(11));
        await using var desk = await FeedDesk.StartAsync(provider, clock, slow, settings: ("ODATA_MAX_BATCH_SECONDS", "10"));
        await desk.SeedAsync(1);
        Part[] parts =
        [
            Part.Create("a", "A", "g"), Part.Change("b", "Tickets(1)", """{"Priority":"critical"}""", "g"), Part.Create("c", "C", "g"),
            Part.Get("d", "Tickets"),
        ];
        var answers = await desk.BatchAsync(json, parts, ("Prefer", "continue-on-error"));
        Assert.Equal(json ? ["a 424", "b 503", "c 424", "d 503"] : ["b 503", "d 503"], answers.Select(a => $"{a.Id} {a.Status}"));
        await using var db = desk.Database.Open();
        var ticket = await db.Tickets.SingleAsync(Cancel);
        Assert.Equal(("Ticket 0", 1), (ticket.Title, ticket.Version));
        Assert.Equal(1, await db.TicketEvents.CountAsync(Cancel));
    }

    [Theory, Providers]
    public async Task A_write_that_has_begun_is_finished_and_answered_as_it_was_done(Provider provider)
    {
        var clock = new TimerClock();
        await using var desk = await FeedDesk.StartAsync(
            provider, clock, new Slow(clock, "UPDATE ", TimeSpan.FromSeconds(11)), settings: ("ODATA_MAX_BATCH_SECONDS", "10"));
        await desk.SeedAsync(1);
        var answers = await desk.BatchAsync(true, [Part.Change("a", "Tickets(1)", """{"Priority":"critical"}"""), Part.Create("b", "B")]);
        Assert.Equal(["a 200", "b 503"], answers.Select(a => $"{a.Id} {a.Status}"));
        Assert.Equal("critical", Assert.Single(await desk.RowsAsync("/odata/Tickets"))["Priority"]!.GetValue<string>());
    }

    /// <summary>A clock whose timers go off when a test moves it.</summary>
    private sealed class TimerClock() : ManualClock(Monday)
    {
        private readonly List<Timer> _timers = [];

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => GetUtcNow().Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(this, () => callback(state));
            timer.Change(dueTime, period);
            lock (_timers) _timers.Add(timer);
            return timer;
        }

        public override void Advance(TimeSpan by)
        {
            base.Advance(by);
            Timer[] due;
            lock (_timers) due = [.. _timers.Where(t => t.Due <= GetUtcNow())];
            foreach (var timer in due)
                timer.Fire();
        }

        private sealed class Timer(TimerClock clock, Action fire) : ITimer
        {
            public DateTimeOffset? Due { get; private set; }

            public void Fire()
            {
                Due = null;
                fire();
            }

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                Due = dueTime < TimeSpan.Zero ? null : clock.GetUtcNow() + dueTime;
                return true;
            }

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

    /// <summary>Lets time pass before statements that have a word in them.</summary>
    private sealed class Slow(ManualClock clock, string word, TimeSpan time) : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
        {
            if (command.CommandText.Contains(word, StringComparison.OrdinalIgnoreCase))
                clock.Advance(time);
            return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
        }
    }
}
