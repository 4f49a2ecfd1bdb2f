using Microsoft.OData.ModelBuilder;
using SupportTickets.Access.People;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.OData.Sets;

/// <summary>The people who work on tickets.</summary>
internal sealed class AgentSet : FeedSet
{
    private static readonly HashSet<string> Paged = [nameof(Agent.Tickets)];

    /// <inheritdoc />
    public override string Name => "Agents";

    /// <inheritdoc />
    public override string Description =>
        "The people who work on tickets: agents and administrators, and those who have left and still have tickets.";

    /// <inheritdoc />
    public override Type Entity => typeof(Agent);

    /// <inheritdoc />
    public override string Noun => "agent";

    /// <inheritdoc />
    public override bool ChangesIndependently => true;

    /// <inheritdoc />
    public override IReadOnlySet<string> PagedOnly => Paged;

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Descriptions { get; } = new Dictionary<string, string>
    {
        [""] = "Somebody who works on tickets.",
        ["Id"] = "The key; stays when the name changes, so group by it where two may have one name.",
        ["Name"] = "As it is now; events keep the name of their time.",
        ["IsActive"] = "Whether tickets can be assigned to them: an agent or administrator whose account is in use.",
        [nameof(Agent.Tickets)] = "The tickets that are assigned to them. A path and a filter, too many to be expanded.",
    };

    /// <inheritdoc />
    public override IQueryable Rows(IServiceProvider services) => services.GetRequiredService<TicketReads>().Agents
        .OrderBy(a => a.Id).Take(int.MaxValue); // a barrier, as RowBarrier makes it: nothing is asked of people who are not among these

    /// <inheritdoc />
    public override void Declare(ODataConventionModelBuilder model)
    {
        var agent = model.EntityType<Agent>();
        agent.HasKey(a => a.Id);
        var name = agent.Property(a => a.Name);
        name.IsRequired();
        name.MaxLength = Person.MaxNameLength;
        agent.Property(a => a.IsActive);
    }
}
