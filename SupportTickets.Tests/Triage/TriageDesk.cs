using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Writing;
using SupportTickets.Triage;
using SupportTickets.Triage.BuiltIn;

namespace SupportTickets.Tests.Triage;

/// <summary>
/// A desk with a stand-in provider and a clock that stands still. Its background worker and its built-in model are there only when asked
/// for.
/// </summary>
internal sealed class TriageDesk : IAsyncDisposable
{
    private TriageDesk(StandIn provider, Desk desk, TimerClock clock) => (Provider, Desk, Clock) = (provider, desk, clock);

    public StandIn Provider { get; }

    public Desk Desk { get; }

    /// <summary>Long while the worker runs: moving the clock to wake it up must not end a call that it makes.</summary>
    public required TimeSpan Timeout { get; init; }

    public TimerClock Clock { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TriageDesk> StartAsync(
        Provider database, bool worker = false, Action<IServiceCollection>? services = null, bool key = true, bool builtIn = false)
    {
        var provider = await StandIn.StartAsync();
        var clock = new TimerClock();
        var timeout = worker ? 3600 : 3.5;
        var desk = await Desk.StartAsync(database, clock, services: collection =>
        {
            if (!worker) collection.Remove(
                collection.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType == typeof(RescoringWorker)));
            if (!builtIn) collection.AddSingleton(new BuiltInTriage((LinearModel?)null));
            services?.Invoke(collection);
        }, settings: key ? [.. provider.Settings, ("OPENAI_TIMEOUT_SECONDS", timeout.ToString(CultureInfo.InvariantCulture))] : []);
        return new(provider, desk, clock) { Timeout = TimeSpan.FromSeconds(timeout) };
    }

    /// <summary>Creates a ticket while the provider lets the call time out.</summary>
    public async Task<Ticket> AddWhileHangingAsync()
    {
        Provider.Answer = StandIn.Hangs();
        var creating = Desk.AddTicketAsync();
        await Provider.ReceivedAsync();
        Clock.Advance(Timeout);
        return await creating;
    }

    /// <summary>Creates a ticket that waits for its scores, without opening the circuit breaker.</summary>
    public async Task<Ticket> AddPendingAsync()
    {
        Provider.Answer = StandIn.Says("I would rather not.");
        var ticket = await Desk.AddTicketAsync();
        await Provider.ReceivedAsync();
        return ticket;
    }

    public async Task<bool> RescoreAsync()
    {
        await using var scope = Desk.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<RescoreTicket>().RunAsync(Cancel);
    }

    public async Task<Ticket> UpdateAsync(int id, TicketInput input)
    {
        await using var scope = Desk.Services.CreateAsyncScope();
        return (
            await scope
                .ServiceProvider.GetRequiredService<UpdateTicket>()
                .HandleAsync(id, input, null, new Origin("tester", Channel.rest), Cancel)).Value;
    }

    public async Task<Ticket> ReadAsync(int id)
    {
        await using var db = Desk.Database.Open();
        return await db.Tickets.AsNoTracking().Include(t => t.Events.OrderBy(e => e.Id)).SingleAsync(t => t.Id == id, Cancel);
    }

    public async Task<List<ScoringJob>> JobsAsync()
    {
        await using var db = Desk.Database.Open();
        return await db.ScoringJobs.AsNoTracking().ToListAsync(Cancel);
    }

    public async Task<List<TriageResult>> ResultsAsync()
    {
        await using var db = Desk.Database.Open();
        return await db.TriageResults.AsNoTracking().OrderBy(r => r.At).ThenBy(r => r.Id).ToListAsync(Cancel);
    }

    /// <summary>Moves the clock on until the background has done something.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            Clock.Advance(RescoringWorker.Interval);
            await Task.Delay(10, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Desk.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
