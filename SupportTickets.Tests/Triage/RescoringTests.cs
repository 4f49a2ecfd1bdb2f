using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Writing;
using SupportTickets.Triage;

namespace SupportTickets.Tests.Triage;

public sealed class RescoringTests
{
    private static readonly string[] Scored = ["sentiment neutral angry triage", "urgency_score 50 90 triage"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_ticket_written_while_the_provider_hangs_is_scored_later_in_the_background(Provider database)
    {
        await using var desk = await TriageDesk.StartAsync(database, worker: true);
        var first = await desk.AddWhileHangingAsync();
        Assert.Equal((Sentiment.neutral, 50), (first.Sentiment, first.UrgencyScore));
        Assert.Equal(first.Id, Assert.Single(await desk.JobsAsync()).TicketId);

        // Nobody waits a second time: the provider is not even asked.
        var second = await desk.Desk.AddTicketAsync();
        Assert.Single(desk.Provider.Requests);
        Assert.Equal(2, (await desk.JobsAsync()).Count);

        desk.Provider.Answer = StandIn.Says("""{"sentiment":"angry","urgency_score":90}""");
        await desk.UntilAsync(async () => (await desk.JobsAsync()).Count == 0);
        foreach (var id in (int[])[first.Id, second.Id])
        {
            var ticket = await desk.ReadAsync(id);
            Assert.Equal((Sentiment.angry, 90, 2), (ticket.Sentiment, ticket.UrgencyScore, ticket.Version));
            Assert.True(ticket.UpdatedAt > ticket.CreatedAt);
            Assert.Equal(Scored, ticket.Events.Skip(1).Select(Text));
            Assert.All(ticket.Events.Skip(1), e => Assert.Null(e.Channel));
        }
        var results = await desk.ResultsAsync();
        Assert.Equal([TriageOutcome.TimedOut, TriageOutcome.Answered], results.Where(r => r.TicketId == first.Id).Select(r => r.Outcome));
        Assert.Equal([TriageOutcome.Skipped, TriageOutcome.Answered], results.Where(r => r.TicketId == second.Id).Select(r => r.Outcome));
        Assert.Equal(
            ("angry/90", "angry/90", "answering-model", 120, 9),
            results.Where(r => r.TicketId == first.Id).Select(r => (r.Suggested, r.Kept, r.Model, r.InputTokens, r.OutputTokens)).Last());
    }

    [Theory, Providers]
    public async Task The_background_goes_on_when_the_database_is_back(Provider database)
    {
        using var log = new ErrorLog();
        await using var desk = await TriageDesk.StartAsync(database, worker: true, services => services.AddSingleton<ILoggerProvider>(log));
        await desk.AddWhileHangingAsync();
        await using (var db = desk.Desk.Database.Open())
            await db.Database.ExecuteSqlRawAsync("ALTER TABLE scoring_jobs RENAME TO away", Cancel);
        desk.Provider.Answer = StandIn.Says("""{"sentiment":"angry","urgency_score":90}""");
        await desk.UntilAsync(() => Task.FromResult(log.Categories.Contains(typeof(RescoringWorker).FullName)));
        await using (var db = desk.Desk.Database.Open())
            await db.Database.ExecuteSqlRawAsync("ALTER TABLE away RENAME TO scoring_jobs", Cancel);
        await desk.UntilAsync(async () => (await desk.JobsAsync()).Count == 0);
    }

    [Theory, Providers]
    public async Task A_job_is_tried_less_and_less_often_and_given_up_in_the_end(Provider database)
    {
        await using var desk = await TriageDesk.StartAsync(database);
        var ticket = await desk.AddPendingAsync();
        var pauses = new List<TimeSpan>();
        for (var attempt = 1; attempt < RescoreTicket.MaxAttempts; attempt++)
        {
            Assert.True(await desk.RescoreAsync());
            Assert.False(await desk.RescoreAsync()); // not due
            var job = Assert.Single(await desk.JobsAsync());
            Assert.Equal(attempt, job.Attempts);
            pauses.Add(job.DueAt - desk.Clock.GetUtcNow().UtcDateTime);
            desk.Clock.Advance(pauses[^1]);
        }
        Assert.Equal(pauses.Order(), pauses);
        Assert.InRange(pauses[0], TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(40));
        Assert.True(pauses[1] > pauses[0]);
        Assert.InRange(pauses[^1], TimeSpan.FromHours(1), TimeSpan.FromMinutes(61));

        Assert.True(await desk.RescoreAsync());
        Assert.Empty(await desk.JobsAsync());
        Assert.Equal(1 + RescoreTicket.MaxAttempts, desk.Provider.Requests.Count);
        var results = await desk.ResultsAsync();
        Assert.Equal(1 + RescoreTicket.MaxAttempts, results.Count);
        Assert.All(results, r => Assert.Equal((ticket.Id, TriageOutcome.Invalid, "fallback"), (r.TicketId, r.Outcome, r.Model)));
        Assert.Equal((1, 50), ((await desk.ReadAsync(ticket.Id)).Version, ticket.UrgencyScore));
    }

    [Theory, Providers]
    public async Task While_the_provider_is_down_a_job_keeps_its_attempts(Provider database)
    {
        await using var desk = await TriageDesk.StartAsync(database);
        await desk.AddWhileHangingAsync();
        Assert.False(await desk.RescoreAsync());
        var job = Assert.Single(await desk.JobsAsync());
        Assert.Equal((0, CircuitBreaker.FirstPause), (job.Attempts, job.DueAt - desk.Clock.GetUtcNow().UtcDateTime));
        Assert.Single(desk.Provider.Requests);
    }

    [Theory, Providers]
    public async Task Several_instances_never_score_the_same_ticket_at_once(Provider database)
    {
        // All three have seen the job before any of them takes it.
        var seen = new AllHaveRead(3);
        await using var desk = await TriageDesk.StartAsync(database, services: services => services
            .ConfigureDbContext<SqliteTicketDb>(options => options.AddInterceptors(seen))
            .ConfigureDbContext<PostgresTicketDb>(options => options.AddInterceptors(seen)));
        await desk.AddPendingAsync();
        var gate = new TaskCompletionSource();
        desk.Provider.Answer = StandIn.After(gate.Task, StandIn.Says("""{"sentiment":"angry","urgency_score":90}"""));
        Task<bool>[] instances = [desk.RescoreAsync(), desk.RescoreAsync(), desk.RescoreAsync()];
        await desk.Provider.ReceivedAsync();
        Assert.False(await desk.RescoreAsync());
        gate.SetResult();
        await Task.WhenAll(instances);
        Assert.Equal(2, desk.Provider.Requests.Count); // creating, and one of the three
        Assert.Empty(await desk.JobsAsync());
    }

    [Theory, Providers]
    public async Task A_text_that_is_changed_meanwhile_wins_over_the_score_of_the_old_one(Provider database)
    {
        await using var desk = await TriageDesk.StartAsync(database);
        var ticket = await desk.AddPendingAsync();
        var gate = new TaskCompletionSource();
        desk.Provider.Answer = StandIn.InTurn(
            StandIn.After(gate.Task, StandIn.Says("""{"sentiment":"angry","urgency_score":90}""")),
            StandIn.Says("""{"sentiment":"calm","urgency_score":7}"""));
        var rescoring = desk.RescoreAsync();
        await desk.Provider.ReceivedAsync();
        await desk.UpdateAsync(ticket.Id, new() { Title = Supplied.Of("Solved itself, thanks") });
        gate.SetResult();
        Assert.True(await rescoring);

        var stored = await desk.ReadAsync(ticket.Id);
        Assert.Equal((Sentiment.calm, 7, 2), (stored.Sentiment, stored.UrgencyScore, stored.Version));
        Assert.Empty(await desk.JobsAsync());
    }

    [Theory, Providers]
    public async Task A_text_that_is_changed_meanwhile_while_the_provider_fails_keeps_its_own_job(Provider database)
    {
        await using var desk = await TriageDesk.StartAsync(database);
        var ticket = await desk.AddPendingAsync();
        var gate = new TaskCompletionSource();
        desk.Provider.Answer = StandIn.InTurn(
            StandIn.After(gate.Task, StandIn.Says("""{"sentiment":"angry","urgency_score":90}""")), StandIn.Says("No."));
        var rescoring = desk.RescoreAsync();
        await desk.Provider.ReceivedAsync();
        await desk.UpdateAsync(ticket.Id, new() { Description = Supplied.Of("Another text") });
        gate.SetResult();
        await rescoring;

        var job = Assert.Single(await desk.JobsAsync());
        Assert.Equal((ticket.Id, 0), (job.TicketId, job.Attempts));
        Assert.Equal(50, (await desk.ReadAsync(ticket.Id)).UrgencyScore);
    }

    [Theory]
    [CombinedProviders("""{"sentiment":"angry","urgency_score":90}""")]
    [CombinedProviders("No.")]
    public async Task A_ticket_that_is_deleted_meanwhile_leaves_nothing_behind(Provider database, string answer)
    {
        await using var desk = await TriageDesk.StartAsync(database);
        var ticket = await desk.AddPendingAsync();
        var gate = new TaskCompletionSource();
        desk.Provider.Answer = StandIn.After(gate.Task, StandIn.Says(answer));
        var rescoring = desk.RescoreAsync();
        await desk.Provider.ReceivedAsync();
        await using (var scope = desk.Desk.Services.CreateAsyncScope())
            Assert.Null((
                await scope
                    .ServiceProvider.GetRequiredService<DeleteTicket>()
                    .HandleAsync(ticket.Id, null, new("tester", Channel.odata), Cancel)).Problem);
        gate.SetResult();
        Assert.True(await rescoring); // and goes on with the next
        Assert.Empty(await desk.JobsAsync());
        Assert.Empty(await desk.ResultsAsync());
        Assert.False(await desk.RescoreAsync());
    }

    [Theory, Providers]
    public async Task Other_changes_made_meanwhile_are_kept_beside_the_scores(Provider database)
    {
        await using var desk = await TriageDesk.StartAsync(database);
        var ticket = await desk.AddPendingAsync();
        var gate = new TaskCompletionSource();
        desk.Provider.Answer = StandIn.After(gate.Task, StandIn.Says("""{"sentiment":"angry","urgency_score":90}"""));
        var rescoring = desk.RescoreAsync();
        await desk.Provider.ReceivedAsync();
        await desk.UpdateAsync(ticket.Id, new() { Status = Supplied.Of("in_progress") });
        gate.SetResult();
        await rescoring;

        var stored = await desk.ReadAsync(ticket.Id);
        Assert.Equal((Status.in_progress, Sentiment.angry, 90, 3), (stored.Status, stored.Sentiment, stored.UrgencyScore, stored.Version));
        Assert.Equal(["status open in_progress tester", .. Scored], stored.Events.Skip(1).Select(Text));
    }

    [Theory, Providers]
    public async Task Changes_of_one_text_by_several_people_during_an_outage_all_end_well(Provider database)
    {
        await using var desk = await TriageDesk.StartAsync(database);
        desk.Provider.Answer = StandIn.Says("""{"sentiment":"neutral","urgency_score":50}""");
        var ticket = await desk.Desk.AddTicketAsync("Same");
        desk.Provider.Answer = StandIn.Says("No.");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => desk.UpdateAsync(ticket.Id, new() { Title = Supplied.Of("Same") })));
        Assert.Single(await desk.JobsAsync());
        Assert.Equal(1, (await desk.ReadAsync(ticket.Id)).Version);
    }

    private static string Text(TicketEvent e) => $"{e.Field} {e.OldValue} {e.NewValue} {e.Actor}";

    /// <summary>Holds those who look for jobs until so many of them have.</summary>
    private sealed class AllHaveRead(int count) : DbCommandInterceptor
    {
        private readonly TaskCompletionSource _all = new();
        private int _read;

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.StartsWith("SELECT", StringComparison.Ordinal) && command.CommandText.Contains("scoring_jobs"))
            {
                if (Interlocked.Increment(ref _read) == count) _all.SetResult();
                await _all.Task.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
            }
            return result;
        }
    }

    /// <summary>The categories that logged an error.</summary>
    private sealed class ErrorLog : ILoggerProvider
    {
        public ConcurrentBag<string> Categories { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Log(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Log(ErrorLog all, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

            void ILogger.Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (IsEnabled(logLevel)) all.Categories.Add(category);
            }
        }
    }
}
