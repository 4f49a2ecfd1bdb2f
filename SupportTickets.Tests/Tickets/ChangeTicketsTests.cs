using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Core;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tests.Tickets;

public sealed class ChangeTicketsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static readonly TicketInput Close = new() { Status = Supplied.Of("closed") };

    [Theory, Providers]
    public async Task Each_ticket_is_changed_or_was_so_already_or_is_refused_and_none_keeps_another_back(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var open = await desk.AddTicketAsync();
        var closed = await desk.AddTicketAsync(status: Status.closed);
        var moved = await desk.AddTicketAsync();
        var closedMeanwhile = await desk.AddTicketAsync();
        var last = await desk.AddTicketAsync();
        await UpdateAsync(desk, moved.Id, new() { Priority = Supplied.Of("critical") });
        await UpdateAsync(desk, closedMeanwhile.Id, Close);

        SeenTicket[] seen =
        [
            new(open.Id, 1), new(closed.Id, 1), new(moved.Id, 1), new(999, 1), new(closedMeanwhile.Id, 1), new(last.Id, 1),
            new(last.Id, 1),
        ];
        var answer = (await HandleAsync(desk, seen, Close)).Value;

        Assert.Equal([open.Id, last.Id], answer.Changed);
        Assert.Equal([closed.Id, closedMeanwhile.Id], answer.Already);
        Assert.Equal([moved.Id, 999], answer.Refused.Select(r => r.Id));
        Assert.Equal(Priority.critical, Assert.IsType<StaleTicket>(answer.Refused[0].Problem).Current.Priority);
        Assert.IsType<TicketNotFound>(answer.Refused[1].Problem);
        await using var db = desk.Database.Open();
        var stored = await db.Tickets
            .OrderBy(t => t.Id)
            .Select(t => new
            {
                t.Status,
                t.Version,
                Resolved = t.ResolvedAt != null,
            })
            .ToListAsync(Cancel);
        Assert.Equal([Status.closed, Status.closed, Status.open, Status.closed, Status.closed], stored.Select(t => t.Status));
        Assert.Equal([2, 1, 2, 2, 2], stored.Select(t => t.Version));
        Assert.Equal([true, true, false, true, true], stored.Select(t => t.Resolved));
        var bulk = await db.TicketEvents.Where(e => e.Actor == "bulk").OrderBy(e => e.TicketId).ToListAsync(Cancel);
        Assert.Equal(
            [(open.Id, TicketField.status, "open", "closed"), (last.Id, TicketField.status, "open", "closed")],
            bulk.Select(e => (e.TicketId, e.Field, e.OldValue, e.NewValue)));
    }

    [Theory, Providers]
    public async Task Texts_are_not_taken_so_nothing_is_scored_again(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var ticket = await desk.AddTicketAsync();
        var input = new TicketInput
        {
            Title = Supplied.Of("Outage! Everything is down, urgent!"),
            Description = Supplied.Of("We are furious"),
            Priority = Supplied.Of("high"),
        };
        Assert.Single((await HandleAsync(desk, [new(ticket.Id, 1)], input)).Value.Changed);

        await using var db = desk.Database.Open();
        var stored = await db.Tickets.Include(t => t.Events).SingleAsync(Cancel);
        Assert.Equal(
            (ticket.Title, ticket.Description, Priority.high, ticket.UrgencyScore),
            (stored.Title, stored.Description, stored.Priority, stored.UrgencyScore));
        Assert.Equal([TicketField.status, TicketField.priority], stored.Events.OrderBy(e => e.Id).Select(e => e.Field));
    }

    [Fact]
    public async Task What_cannot_be_meant_is_refused_before_anything_is_written()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var ticket = await desk.AddTicketAsync();
        Assert.Equal([("tickets", FieldErrorCode.Required)], await ErrorsAsync([], Close));
        Assert.Equal([("status", FieldErrorCode.Required)], await ErrorsAsync([new(ticket.Id, 1)], new()));
        Assert.Equal(
            [("priority", FieldErrorCode.NotAChoice)],
            await ErrorsAsync([new(ticket.Id, 1)], Close with { Priority = Supplied.Of("urgent") }));
        var many = Enumerable.Range(ticket.Id, ChangeTickets.MaxTickets + 1).Select(id => new SeenTicket(id, 1)).ToList();
        Assert.Equal([("tickets", FieldErrorCode.TooLong)], await ErrorsAsync(many, Close));
        await using var db = desk.Database.Open();
        Assert.Equal(1, await db.TicketEvents.CountAsync(Cancel));
        Assert.Single((await HandleAsync(desk, many[..ChangeTickets.MaxTickets], Close)).Value.Changed);

        async Task<IEnumerable<(string, FieldErrorCode)>> ErrorsAsync(IReadOnlyList<SeenTicket> seen, TicketInput input) =>
            Assert.IsType<InvalidInput>((await HandleAsync(desk, seen, input)).Problem).Errors.Select(e => (e.Field, e.Code));
    }

    private static async Task<Result<TicketsChanged>> HandleAsync(Desk desk, IReadOnlyList<SeenTicket> seen, TicketInput input)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ChangeTickets>().HandleAsync(seen, input, new("bulk", Channel.web), Cancel);
    }

    private static async Task UpdateAsync(Desk desk, int id, TicketInput input)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        Assert.Null((
            await scope
                .ServiceProvider.GetRequiredService<UpdateTicket>()
                .HandleAsync(id, input, null, new("tester", Channel.rest), Cancel)).Problem);
    }
}
