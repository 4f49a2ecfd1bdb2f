using SupportTickets.Tickets;

namespace SupportTickets.Tests.Tickets;

public sealed class LifeCycleTests
{
    private static readonly DateTime Start = new(2026, 3, 1, 9, 0, 0, DateTimeKind.Utc);
    private static readonly Origin Agent = new("ada", Channel.web);

    [Fact]
    public void Creating_leaves_one_event_that_has_no_old_value()
    {
        var ticket = Create(Status.open);
        var created = Assert.Single(ticket.Events);
        Assert.Equal(
            (TicketField.status, null, "open", "ada", Channel.web),
            (created.Field, created.OldValue, created.NewValue, created.Actor, created.Channel));
        Assert.Equal((1, Start, Start), (ticket.Version, ticket.CreatedAt, ticket.UpdatedAt));
        Assert.Null(ticket.ResolvedAt);
    }

    [Theory]
    [InlineData(Status.resolved)]
    [InlineData(Status.closed)]
    public void Creating_a_ticket_that_is_done_resolves_it_at_once(Status status)
    {
        var ticket = Create(status);
        Assert.Equal((Start, Start, 0), (ticket.ResolvedAt, ticket.FirstResolvedAt, ticket.ReopenCount));
    }

    [Fact]
    public void Resolving_notes_the_time_and_closing_keeps_it()
    {
        var ticket = Create(Status.open);
        Move(ticket, Status.resolved, hours: 2);
        Move(ticket, Status.closed, hours: 5);
        Assert.Equal(Start.AddHours(2), ticket.ResolvedAt);
        Assert.Equal(Start.AddHours(2), ticket.FirstResolvedAt);
        Assert.Equal(0, ticket.ReopenCount);
    }

    [Theory]
    [InlineData(Status.resolved, Status.open)]
    [InlineData(Status.resolved, Status.in_progress)]
    [InlineData(Status.closed, Status.open)]
    public void Reopening_a_resolved_ticket_clears_its_resolution_time(Status done, Status working)
    {
        var ticket = Create(Status.open);
        Move(ticket, done, hours: 1);
        Move(ticket, working, hours: 2);
        Assert.Null(ticket.ResolvedAt);
        Assert.Equal(1, ticket.ReopenCount);
        Move(ticket, done, hours: 3);
        Assert.Equal((Start.AddHours(3), Start.AddHours(1)), (ticket.ResolvedAt, ticket.FirstResolvedAt));
    }

    [Fact]
    public void A_change_leaves_one_event_for_each_field_that_really_changed()
    {
        var ticket = Create(Status.open);
        var change = new TicketChange("New title", ticket.Description, Category.billing, ticket.Priority, null);
        Assert.True(ticket.Apply(change, null, Start.AddHours(1), Agent));
        Assert.Equal([TicketField.title, TicketField.category], ticket.Events.Skip(1).Select(e => e.Field));
        Assert.Equal(("general", "billing"), (ticket.Events.Last().OldValue, ticket.Events.Last().NewValue));
        Assert.Equal((2, Start.AddHours(1)), (ticket.Version, ticket.UpdatedAt));
    }

    [Fact]
    public void A_change_to_the_same_values_changes_nothing()
    {
        var ticket = Create(Status.open);
        var same = new TicketChange(ticket.Title, ticket.Description, ticket.Category, ticket.Priority, ticket.Status);
        Assert.False(ticket.Apply(same, Score.Fallback, Start.AddHours(1), Agent));
        Assert.Single(ticket.Events);
        Assert.Equal((1, Start), (ticket.Version, ticket.UpdatedAt));
    }

    [Fact]
    public void A_new_score_is_recorded_as_the_work_of_triage()
    {
        var ticket = Create(Status.open);
        ticket.Apply(TicketChange.None, new Score(Sentiment.angry, 90), Start.AddHours(1), Agent);
        Assert.Equal(
            [(TicketField.sentiment, "triage", "angry"), (TicketField.urgency_score, "triage", "90")],
            ticket.Events.Skip(1).Select(e => (e.Field, e.Actor, e.NewValue)));
    }

    private static Ticket Create(Status status) =>
        TicketLifeCycle.Create(new NewTicket("Title", "Description", Category.general, Priority.low, status), Score.Fallback, Start, Agent);

    private static void Move(Ticket ticket, Status status, int hours) =>
        ticket.Apply(TicketChange.None with { Status = status }, null, Start.AddHours(hours), Agent);
}
