using Microsoft.OData.ModelBuilder;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.OData.Sets;

/// <summary>Which ticket has which tag.</summary>
internal sealed class TicketTagSet : FeedSet
{
    private static readonly HashSet<string> Required = [nameof(TicketTag.Ticket), nameof(TicketTag.Tag)];

    /// <inheritdoc />
    public override string Name => "TicketTags";

    /// <inheritdoc />
    public override string Description => "Which ticket has which tag: one row for each. AddTags of a ticket adds them.";

    /// <inheritdoc />
    public override Type Entity => typeof(TicketTag);

    /// <inheritdoc />
    public override string Noun => "tag of a ticket";

    /// <inheritdoc />
    /// <remarks>When tags are merged or deleted, nothing happened to their tickets.</remarks>
    public override bool ChangesIndependently => true;

    /// <inheritdoc />
    public override IReadOnlySet<string> RequiredNavigations => Required;

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Descriptions { get; } = new Dictionary<string, string>
    {
        [""] = "A tag of a ticket.",
        ["Id"] = "The key.",
        ["TicketId"] = "The ticket.",
        ["Ticket"] = "The ticket.",
        ["TagId"] = "The tag.",
        ["Tag"] = "The tag.",
        ["AddedAt"] = "When the ticket got it.",
    };

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> LeadingHere { get; } = new Dictionary<string, string>
    {
        ["Ticket/Tags"] = "Its tags, at most 20.",
        ["Tag/Tickets"] = "The tickets that have it. A path and a filter, too many to be expanded.",
    };

    /// <inheritdoc />
    public override IQueryable Rows(IServiceProvider services) => services.GetRequiredService<TicketReads>().TicketTags;

    /// <inheritdoc />
    public override void Declare(ODataConventionModelBuilder model)
    {
        var tag = model.EntityType<TicketTag>();
        tag.HasKey(t => t.Id);
        tag.Property(t => t.TicketId);
        tag.Property(t => t.TagId);
        tag.Property(t => t.AddedAt);
        // Nullable for the reason that the ticket of an event is.
        tag.HasOptional(t => t.Ticket);
        tag.HasOptional(t => t.Tag);
    }
}
