using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Core;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tests.Tickets;

public sealed class UpdateTicketTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_change_on_an_old_version_is_refused_and_writes_nothing(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var ticket = await desk.AddTicketAsync();
        Assert.Equal(2, (await ChangeAsync(desk, ticket.Id, Priority.high, version: 1)).Value.Version);

        var stale = Assert.IsType<StaleTicket>((await ChangeAsync(desk, ticket.Id, Priority.critical, version: 1)).Problem);
        Assert.Equal((Priority.high, 2), (stale.Current.Priority, stale.Current.Version));

        await using var db = desk.Database.Open();
        Assert.Equal(Priority.high, (await db.Tickets.SingleAsync(Cancel)).Priority);
        Assert.Equal(2, await db.TicketEvents.CountAsync(Cancel));
    }

    [Theory, Providers]
    public async Task Of_many_changes_on_one_version_exactly_one_wins(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var ticket = await desk.AddTicketAsync(priority: Priority.low);
        var results = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => Task.Run(() => ChangeAsync(desk, ticket.Id, (Priority)(1 + (i % 3)), version: 1))));
        Assert.Single(results, result => result.Problem is null);
        Assert.Equal(7, results.Count(result => result.Problem is StaleTicket));

        await using var db = desk.Database.Open();
        Assert.Equal(2, (await db.Tickets.SingleAsync(Cancel)).Version);
        Assert.Equal(1, await db.TicketEvents.CountAsync(e => e.Field == TicketField.priority, Cancel));
    }

    [Theory, Providers]
    public async Task Changes_without_a_version_all_land_on_top_of_each_other(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var ticket = await desk.AddTicketAsync();
        var inputs = new TicketInput[]
        {
            new() { Title = Supplied.Of("Another title") },
            new() { Category = Supplied.Of("billing") },
            new() { Status = Supplied.Of("resolved") },
        };
        var results = await Task.WhenAll(inputs.Select(input => Task.Run(() => HandleAsync(desk, ticket.Id, input, null))));
        Assert.All(results, result => Assert.Null(result.Problem));

        await using var db = desk.Database.Open();
        var stored = await db.Tickets.Include(t => t.Events).SingleAsync(Cancel);
        Assert.Equal(
            ("Another title", Category.billing, Status.resolved, 4), (stored.Title, stored.Category, stored.Status, stored.Version));
        Assert.Equal(4, stored.Events.Count);
    }

    [Theory, Providers]
    public async Task Nobody_who_names_no_version_is_too_late_however_busy_the_ticket_is(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var ticket = await desk.AddTicketAsync();
        const int each = 20;
        Func<int, TicketInput>[] writers =
        [
            i => new() { Title = Supplied.Of($"Title {i}") },
            i => new() { Category = Supplied.Of(((Category)(i % 2)).ToString()) },
            i => new() { Priority = Supplied.Of(((Priority)(i % 2)).ToString()) },
            i => new() { Status = Supplied.Of(((Status)(i % 2)).ToString()) },
        ];
        var results = await Task.WhenAll(writers.Select(writer => Task.Run(async () =>
        {
            var problems = new List<Problem?>();
            for (var i = 0; i < each; i++)
                problems.Add((await HandleAsync(desk, ticket.Id, writer(i), null)).Problem);
            return problems;
        })));
        Assert.All(results.SelectMany(problems => problems), Assert.Null);
    }

    [Theory, Providers]
    public async Task The_database_generates_the_day_and_the_minutes_to_resolution(Provider provider)
    {
        var clock = new ManualClock(new(2026, 3, 1, 23, 59, 30, TimeSpan.Zero));
        await using var desk = await Desk.StartAsync(provider, clock);
        var ticket = await desk.AddTicketAsync();
        clock.Advance(TimeSpan.FromMinutes(90.9));
        await HandleAsync(desk, ticket.Id, new() { Status = Supplied.Of("resolved") }, null);

        await using var db = desk.Database.Open();
        var stored = await db.Tickets.Include(t => t.Events).SingleAsync(Cancel);
        Assert.Equal(new DateOnly(2026, 3, 1), stored.CreatedDate);
        Assert.Equal(90, stored.ResolutionMinutes);
        Assert.Equal(new DateOnly(2026, 3, 2), stored.Events.OrderBy(e => e.Id).Last().Date);
        Assert.Equal(DateTimeKind.Utc, stored.CreatedAt.Kind);
    }

    private static Task<Result<Ticket>> ChangeAsync(Desk desk, int id, Priority priority, int? version) =>
        HandleAsync(desk, id, new TicketInput { Priority = Supplied.Of(priority.ToString()) }, version);

    private static async Task<Result<Ticket>> HandleAsync(Desk desk, int id, TicketInput input, int? version)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        return await scope
            .ServiceProvider.GetRequiredService<UpdateTicket>()
            .HandleAsync(id, input, version, new("tester", Channel.rest), Cancel);
    }
}
