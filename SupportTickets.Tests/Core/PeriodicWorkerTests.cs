using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SupportTickets.Core;
using SupportTickets.Tests.Hosting;

namespace SupportTickets.Tests.Core;

/// <summary>When rounds of work in the background begin, and what becomes of those that fail.</summary>
public sealed class PeriodicWorkerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_round_has_a_pause_of_its_own_or_none()
    {
        await using var later = await RunningWorker.StartAsync(first: TimeSpan.FromMinutes(1));
        Assert.Equal((TimeSpan.FromMinutes(1), 0), (await later.Clock.PauseAsync(), later.Worker.Pieces));
        for (var round = 1; round <= 3; round++)
        {
            later.Clock.EndPause();
            Assert.Equal((RunningWorker.Pause, round), (await later.Clock.PauseAsync(), later.Worker.Pieces));
        }

        await using var atOnce = await RunningWorker.StartAsync();
        Assert.Equal((RunningWorker.Pause, 1), (await atOnce.Clock.PauseAsync(), atOnce.Worker.Pieces));
    }

    [Fact]
    public async Task A_round_goes_on_while_there_is_more_to_do_and_each_piece_has_a_scope()
    {
        await using var running = await RunningWorker.StartAsync(piece => piece < 3);
        await running.Clock.PauseAsync();
        Assert.Equal((3, 3), (running.Worker.Pieces, running.Worker.Scopes.Distinct().Count()));
    }

    [Fact]
    public async Task Nothing_is_done_before_the_database_is_ready()
    {
        await using var running = await RunningWorker.StartAsync(isReady: false);
        await running.Clock.PauseAsync();
        Assert.Equal(0, running.Worker.Pieces);
        running.Database.IsReady = true;
        running.Clock.EndPause();
        await running.Clock.PauseAsync();
        Assert.Equal(1, running.Worker.Pieces);
    }

    [Fact]
    public async Task A_round_that_fails_is_logged_now_and_then_and_the_next_one_is_tried()
    {
        var fails = true;
        await using var running = await RunningWorker.StartAsync(_ => fails ? throw new InvalidOperationException("No.") : false);
        await RoundsAsync(10);
        Assert.StartsWith("Counting failed; it is tried again in 10 s", Assert.Single(running.Errors), StringComparison.Ordinal);
        running.Clock.Now += TimeSpan.FromMinutes(5);
        await RoundsAsync(10);
        Assert.Equal(2, running.Errors.Count);

        fails = false;
        await RoundsAsync(1);
        fails = true;
        await RoundsAsync(1);
        Assert.Equal((3, 23), (running.Errors.Count, running.Worker.Pieces)); // what failed again is news

        async Task RoundsAsync(int count)
        {
            while (count-- > 0)
            {
                await running.Clock.PauseAsync();
                running.Clock.EndPause();
            }
            await running.Clock.PauseAsync();
            running.Clock.Repeat();
        }
    }

    [Fact]
    public async Task An_outage_of_the_database_is_reported_as_one_and_not_logged_again()
    {
        await using var running = await RunningWorker.StartAsync(_ => throw new TimeoutException());
        await running.Clock.PauseAsync();
        running.Clock.EndPause();
        await running.Clock.PauseAsync();
        Assert.Equal((2, 0), (running.Database.Outages, running.Errors.Count));
    }

    [Fact]
    public async Task Whatever_fails_because_the_desk_stops_is_not_an_error()
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var running = await RunningWorker.StartAsync(work: async cancel =>
        {
            began.SetResult();
            await Task.Delay(Timeout.Infinite, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new TimeoutException("The connection was closed.");
        });
        await began.Task.WaitAsync(Cancel);
        await running.Worker.StopAsync(Cancel);
        Assert.False(running.Worker.ExecuteTask!.IsFaulted);
        Assert.Equal((0, 0), (running.Database.Outages, running.Errors.Count));
    }

    /// <summary>A worker that was started, and what it sees.</summary>
    private sealed class RunningWorker : IAsyncDisposable
    {
        public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

        private readonly ServiceProvider _services = new ServiceCollection().AddScoped<object>().BuildServiceProvider();
        private readonly TestHost.Logged _log = new();

        private RunningWorker(Func<int, CancellationToken, Task<bool>> work, TimeSpan first, bool isReady)
        {
            Database.IsReady = isReady;
            var scopes = _services.GetRequiredService<IServiceScopeFactory>();
            Worker = new(scopes, Database, Clock, _log.CreateLogger("worker"), first, work);
        }

        public PauseClock Clock { get; } = new();

        public FakeDatabase Database { get; } = new();

        public CountingWorker Worker { get; }

        public IReadOnlyList<string> Errors => [.. _log.At(LogLevel.Error)];

        public static Task<RunningWorker> StartAsync(Func<int, bool>? more = null, TimeSpan first = default, bool isReady = true) =>
            BeginAsync(new((piece, _) => Task.FromResult(more?.Invoke(piece) ?? false), first, isReady));

        public static Task<RunningWorker> StartAsync(Func<CancellationToken, Task<bool>> work) =>
            BeginAsync(new((_, cancel) => work(cancel), TimeSpan.Zero, isReady: true));

        public async ValueTask DisposeAsync()
        {
            await Worker.StopAsync(CancellationToken.None);
            Worker.Dispose();
            await _services.DisposeAsync();
        }

        private static async Task<RunningWorker> BeginAsync(RunningWorker running)
        {
            await running.Worker.StartAsync(Cancel);
            return running;
        }
    }

    private sealed class CountingWorker(
        IServiceScopeFactory scopes, IDatabaseState database, TimeProvider clock, ILogger log, TimeSpan first,
        Func<int, CancellationToken, Task<bool>> work)
        : PeriodicWorker(scopes, database, clock, log)
    {
        public int Pieces { get; private set; }

        public List<object> Scopes { get; } = [];

        protected override string Work => "Counting";

        protected override TimeSpan Pause => RunningWorker.Pause;

        protected override TimeSpan FirstPause => first;

        protected override Task<bool> WorkAsync(IServiceProvider services, CancellationToken cancel)
        {
            Scopes.Add(services.GetRequiredService<object>());
            return work(++Pieces, cancel);
        }
    }

    private sealed class FakeDatabase : IDatabaseState
    {
        public bool IsReady { get; set; }

        public int Outages { get; private set; }

        public bool ReportOutage(Exception error)
        {
            if (error is not TimeoutException) return false;
            Outages++;
            return true;
        }
    }

    /// <summary>A clock whose only timer goes off when a test says so. It tells each pause that the timer is set to.</summary>
    private sealed class PauseClock : TimeProvider
    {
        private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();
        private Action? _fire;
        private TimeSpan _last;

        public DateTimeOffset Now { get; set; } = new(2026, 11, 23, 14, 30, 0, TimeSpan.Zero);

        /// <summary>Waits until the worker pauses.</summary>
        public async Task<TimeSpan> PauseAsync() => _last = await _pauses.Reader.ReadAsync(Cancel);

        /// <summary>Lets <see cref="PauseAsync"/> tell the last pause once more.</summary>
        public void Repeat() => _pauses.Writer.TryWrite(_last);

        public void EndPause() => _fire!();

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire = () => callback(state);
            _pauses.Writer.TryWrite(dueTime);
            return new Timer(_pauses.Writer);
        }

        private sealed class Timer(ChannelWriter<TimeSpan> pauses) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => pauses.TryWrite(dueTime);

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
