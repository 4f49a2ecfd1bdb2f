using System.Collections.Frozen;
using Microsoft.OData.ModelBuilder;
using SupportTickets.Access;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Changes;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Search;
using SupportTickets.Tickets.Totals;

namespace SupportTickets.OData.Sets;

/// <summary>The tickets: the only set that can be searched.</summary>
internal sealed class TicketSet : FeedSet
{
    private static readonly Dictionary<string, Right> ByMethod = new()
    {
        [HttpMethods.Get] = Right.read,
        [HttpMethods.Post] = Right.submit,
        [HttpMethods.Patch] = Right.write,
        [HttpMethods.Put] = Right.write,
        [HttpMethods.Delete] = Right.write,
    };

    private static readonly FrozenSet<string> WritableProperties = new[]
    {
        nameof(Ticket.Title), nameof(Ticket.Description), nameof(Ticket.Category), nameof(Ticket.Priority), nameof(Ticket.Status),
        nameof(Ticket.AssigneeId), nameof(Ticket.RequesterId),
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly Dictionary<string, string> DayColumns = new()
    {
        [nameof(Ticket.CreatedAt)] = nameof(Ticket.CreatedDate),
        [nameof(Ticket.ResolvedAt)] = nameof(Ticket.ResolvedDate),
    };

    private static readonly Dictionary<string, string> CombinationColumns = new()
    {
        [nameof(Ticket.Status)] = nameof(TicketTotal.Status),
        [nameof(Ticket.Priority)] = nameof(TicketTotal.Priority),
        [nameof(Ticket.Category)] = nameof(TicketTotal.Category),
        [nameof(Ticket.Sentiment)] = nameof(TicketTotal.Sentiment),
    };

    private static readonly Dictionary<string, string> CombinationSums = new()
    {
        [nameof(Ticket.UrgencyScore)] = nameof(TicketTotal.Urgency),
    };

    private static readonly Dictionary<string, string> CreationColumns = new()
    {
        [nameof(Ticket.CreatedDate)] = nameof(DayTotal.Day),
        [nameof(Ticket.CreatedOn)] = nameof(DayTotal.On),
    };

    /// <inheritdoc />
    public override string Name => "Tickets";

    /// <inheritdoc />
    public override string Description => "The tickets of this desk.";

    /// <inheritdoc />
    public override Type Entity => typeof(Ticket);

    /// <inheritdoc />
    public override string Noun => "ticket";

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, Right> Rights => ByMethod;

    /// <inheritdoc />
    public override IReadOnlySet<string> Writable => WritableProperties;

    /// <inheritdoc />
    public override string Version => nameof(Ticket.Version);

    /// <inheritdoc />
    public override (string Set, string LastVersion)? OutsideVersion => (nameof(Ticket.FirstReplyAt), nameof(Ticket.UpdatedAt));

    /// <inheritdoc />
    public override bool IsTracked => true;

    /// <inheritdoc />
    public override (IQueryable<int> Changed, IQueryable<int> Deleted) Changes(
        IServiceProvider services, ChangeMark since, ChangeMark until)
    {
        var changes = services.GetRequiredService<TicketChanges>();
        return (changes.Changed(since, until), changes.Deleted(since, until));
    }

    /// <inheritdoc />
    public override bool IsSearchable => true;

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Days => DayColumns;

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Descriptions { get; } = new Dictionary<string, string>
    {
        [""] = "A request for help.",
        ["Id"] = "The key, ascending in the order of creation.",
        ["Title"] = "1 to 200 characters.",
        ["Description"] = "What the person wrote.",
        ["Category"] = "What the ticket is about.",
        ["Priority"] = "How soon it needs work, from low to critical.",
        ["Status"] = "Where it stands; resolved and closed count as done.",
        ["AssigneeId"] = "Who works on it: the Id of an agent; null for nobody. Can be set to an agent whose IsActive is true.",
        ["Assignee"] = "Who works on it; null for nobody.",
        ["RequesterId"] = "Who asked for help: the Id of a requester; null where that is not known.",
        ["Sentiment"] = "The mood of title and description, from calm to angry, scored by the desk.",
        ["UrgencyScore"] = "How urgent the text sounds, 0 to 100, scored by the desk.",
        ["Channel"] = "The way it came in.",
        ["CreatedAt"] = "When it came in.",
        ["CreatedDate"] = "The UTC day of CreatedAt; indexed, so group and filter by it.",
        ["UpdatedAt"] = "When any field last changed. No measure of work: take the events for that.",
        ["FirstReplyAt"] = "When an agent first replied in public, of the replies that are still there; null when there is none. "
            + "The first reply leaves Version and UpdatedAt as they are.",
        ["FirstResolvedAt"] = "When it was first done; kept when it is reopened.",
        ["ResolvedAt"] = "When it was last done; null while it is not.",
        ["ResolvedDate"] = "The UTC day of ResolvedAt, null while it is not done; indexed, so group and filter by it.",
        ["ResolutionMinutes"] = "Whole minutes from CreatedAt to ResolvedAt; null while it is not done.",
        ["ReopenCount"] = "How often it went from done back to work.",
        ["Version"] = "Counts the changes from 1; the ETag of the ticket.",
        ["Events"] = "Its history.",
        ["CreatedOn"] = "The calendar's row of CreatedDate; null outside the calendar.",
        ["ResolvedOn"] = "The calendar's row of ResolvedDate; null while it is not done, and outside the calendar.",
    };

    /// <inheritdoc />
    public override IQueryable Rows(IServiceProvider services) => services.GetRequiredService<TicketReads>().Visible;

    /// <inheritdoc />
    public override IReadOnlyList<KeptCounts> Kept(IServiceProvider services)
    {
        var reads = services.GetRequiredService<TicketReads>();
        return !reads.EveryoneSeesAll ? [] :
        [
            new(reads.Totals, nameof(TicketTotal.Tickets), CombinationColumns, CombinationSums),
            new(reads.Days, nameof(DayTotal.Created), CreationColumns, FrozenDictionary<string, string>.Empty),
        ];
    }

    /// <inheritdoc />
    public override ISetCommands Commands(IServiceProvider services) => services.GetRequiredService<TicketCommands>();

    /// <inheritdoc />
    public override IQueryable<int> Matching(IServiceProvider services, string text) =>
        services.GetRequiredService<TicketReads>().Matching(new TicketFilter { Search = SearchTerms.Of(text) }).Select(ticket => ticket.Id);

    /// <inheritdoc />
    public override IQueryable MayContain(IServiceProvider services, IQueryable rows, string property, string text) =>
        property is nameof(Ticket.Title) or nameof(Ticket.Description)
            ? services.GetRequiredService<TicketReads>().MayContain((IQueryable<Ticket>)rows, text)
            : rows;

    /// <inheritdoc />
    public override string PropertyOf(string field) => field switch
    {
        "assignee" => nameof(Ticket.AssigneeId),
        "requester" => nameof(Ticket.RequesterId),
        _ => base.PropertyOf(field),
    };

    /// <inheritdoc />
    public override void Declare(ODataConventionModelBuilder model)
    {
        var ticket = model.EntityType<Ticket>();
        ticket.HasKey(t => t.Id);
        var title = ticket.Property(t => t.Title);
        title.IsRequired();
        title.MaxLength = Ticket.MaxTitleLength;
        ticket.Property(t => t.Description).IsRequired();
        ticket.EnumProperty(t => t.Category);
        ticket.EnumProperty(t => t.Priority);
        ticket.EnumProperty(t => t.Status).DefaultValueString = nameof(Status.open);
        ticket.Property(t => t.AssigneeId);
        ticket.Property(t => t.RequesterId);
        ticket.EnumProperty(t => t.Sentiment);
        ticket.Property(t => t.UrgencyScore);
        ticket.EnumProperty(t => t.Channel);
        ticket.Property(t => t.CreatedAt);
        ticket.Property(t => t.CreatedDate);
        ticket.Property(t => t.UpdatedAt);
        ticket.Property(t => t.FirstReplyAt);
        ticket.Property(t => t.FirstResolvedAt);
        ticket.Property(t => t.ResolvedAt);
        ticket.Property(t => t.ResolvedDate);
        ticket.Property(t => t.ResolutionMinutes);
        ticket.Property(t => t.ReopenCount);
        ticket.Property(t => t.Version).IsConcurrencyToken();
        // These can really be null, outside the calendar.
        ticket.HasOptional(t => t.CreatedOn);
        ticket.HasOptional(t => t.ResolvedOn);
        ticket.HasOptional(t => t.Assignee, (t, a) => t.AssigneeId == a!.Id, a => a!.Tickets);
        Operations.Declare(ticket);
    }
}
