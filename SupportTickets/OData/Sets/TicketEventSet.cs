using Microsoft.OData.ModelBuilder;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.OData.Sets;

/// <summary>The history of the tickets.</summary>
internal sealed class TicketEventSet : FeedSet
{
    private static readonly HashSet<string> Required = [nameof(TicketEvent.Ticket)];

    private static readonly Dictionary<string, string> DayColumns = new() { [nameof(TicketEvent.At)] = nameof(TicketEvent.Date) };

    /// <inheritdoc />
    public override string Name => "Events";

    /// <inheritdoc />
    public override string Description => "The history of the tickets: one row for each change of a field.";

    /// <inheritdoc />
    public override Type Entity => typeof(TicketEvent);

    /// <inheritdoc />
    public override string Noun => "event";

    /// <inheritdoc />
    /// <remarks>A comment, a tag or a file has an event, but leaves the version of the ticket.</remarks>
    public override bool KeepsVersions => true;

    /// <inheritdoc />
    public override IReadOnlySet<string> RequiredNavigations => Required;

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Days => DayColumns;

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Descriptions { get; } = new Dictionary<string, string>
    {
        [""] = "One change of one field of a ticket. Events are only ever added; they go with their ticket when it is deleted, and "
            + "figures are then as if it had never been.",
        ["Id"] = "The key, ascending in the order of writing within a ticket.",
        ["TicketId"] = "The ticket that changed.",
        ["Ticket"] = "The ticket that changed.",
        ["At"] = "When.",
        ["Date"] = "The UTC day of At; indexed, so group and filter by it.",
        ["On"] = "The calendar's row of Date; null outside the calendar.",
        ["Actor"] = "Who: a person's name, anonymous, or triage for scores.",
        ["Channel"] = "The way the change came in; null when the desk itself made it.",
        ["Field"] = "What changed.",
        ["OldValue"] = "The value before; null for the event of a creation.",
        ["NewValue"] = "The value after.",
        ["CommentId"] = "The comment that was added, edited or deleted; null for other events.",
        ["IsInternal"] = "Whether it is about an internal note.",
    };

    /// <inheritdoc />
    public override IQueryable Rows(IServiceProvider services) => services.GetRequiredService<TicketReads>().VisibleEvents;

    /// <inheritdoc />
    public override void Declare(ODataConventionModelBuilder model)
    {
        var ticketEvent = model.EntityType<TicketEvent>();
        ticketEvent.HasKey(e => e.Id);
        ticketEvent.Property(e => e.TicketId);
        ticketEvent.Property(e => e.At);
        ticketEvent.Property(e => e.Date);
        ticketEvent.Property(e => e.Actor).IsRequired();
        ticketEvent.EnumProperty(e => e.Channel);
        ticketEvent.EnumProperty(e => e.Field);
        ticketEvent.Property(e => e.OldValue);
        ticketEvent.Property(e => e.NewValue).IsRequired();
        ticketEvent.Property(e => e.CommentId);
        ticketEvent.Property(e => e.IsInternal);
        // Nullable although the database always has a ticket. Grouping by a path makes a ticket with only some of its properties,
        // which the library's own serializer would refuse otherwise. A model that only grows could not be loosened later.
        ticketEvent.HasOptional(e => e.Ticket);
        ticketEvent.HasOptional(e => e.On); // null outside the calendar
    }
}
