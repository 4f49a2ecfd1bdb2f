using System.Collections.Frozen;
using Microsoft.OData.ModelBuilder;
using SupportTickets.Access;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.OData.Sets;

/// <summary>Those who ask for help.</summary>
internal sealed class RequesterSet : FeedSet
{
    private static readonly Dictionary<string, Right> ByMethod = new()
    {
        [HttpMethods.Get] = Right.read,
        [HttpMethods.Post] = Right.write,
        [HttpMethods.Patch] = Right.write,
    };

    private static readonly FrozenSet<string> WritableProperties = new[]
    {
        nameof(Requester.Name), nameof(Requester.Email), nameof(Requester.Organization), nameof(Requester.Notes),
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly HashSet<string> Paged = [nameof(Requester.Tickets)];

    /// <inheritdoc />
    public override string Name => "Requesters";

    /// <inheritdoc />
    public override string Description => "Those who ask for help. A ticket has one or none.";

    /// <inheritdoc />
    public override Type Entity => typeof(Requester);

    /// <inheritdoc />
    public override string Noun => "requester";

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, Right> Rights => ByMethod;

    /// <inheritdoc />
    public override IReadOnlySet<string> Writable => WritableProperties;

    /// <inheritdoc />
    public override string Version => nameof(Requester.Version);

    /// <inheritdoc />
    public override bool ChangesIndependently => true;

    /// <inheritdoc />
    public override IReadOnlySet<string> PagedOnly => Paged;

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Descriptions { get; } = new Dictionary<string, string>
    {
        [""] = "Somebody who asks for help.",
        ["Id"] = "The key; stays when the name or the address changes.",
        ["Name"] = "1 to 200 characters.",
        ["Email"] = "The e-mail address; unique without regard to case.",
        ["Organization"] = "Where they belong; null where that is not known.",
        ["Notes"] = "What the desk should know about them; null where there is nothing.",
        ["CreatedAt"] = "When they were first entered.",
        ["Version"] = "Counts the changes from 1; the ETag of the requester.",
        [nameof(Requester.Tickets)] = "The tickets that they asked. A path and a filter, too many to be expanded.",
    };

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> LeadingHere { get; } =
        new Dictionary<string, string> { ["Ticket/Requester"] = "Who asked for help; null where that is not known." };

    /// <inheritdoc />
    public override IQueryable Rows(IServiceProvider services) => services.GetRequiredService<TicketReads>().Requesters;

    /// <inheritdoc />
    public override ISetCommands Commands(IServiceProvider services) => services.GetRequiredService<RequesterCommands>();

    /// <inheritdoc />
    public override void Declare(ODataConventionModelBuilder model)
    {
        var requester = model.EntityType<Requester>();
        requester.HasKey(r => r.Id);
        var name = requester.Property(r => r.Name);
        name.IsRequired();
        name.MaxLength = Requester.MaxNameLength;
        var email = requester.Property(r => r.Email);
        email.IsRequired();
        email.MaxLength = Requester.MaxEmailLength;
        requester.Property(r => r.Organization).MaxLength = Requester.MaxOrganizationLength;
        requester.Property(r => r.Notes).MaxLength = Requester.MaxNotesLength;
        requester.Property(r => r.CreatedAt);
        requester.Property(r => r.Version).IsConcurrencyToken();
        requester.Ignore(r => r.NormalizedEmail);
        model.EntityType<Ticket>().HasOptional(t => t.Requester, (t, r) => t.RequesterId == r!.Id, r => r!.Tickets);
    }
}
