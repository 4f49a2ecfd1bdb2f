using System.Collections.Frozen;
using Microsoft.OData.ModelBuilder;
using SupportTickets.Access;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.OData.Sets;

/// <summary>The tags.</summary>
internal sealed class TagSet : FeedSet
{
    private static readonly Dictionary<string, Right> ByMethod = new()
    {
        [HttpMethods.Get] = Right.read,
        [HttpMethods.Post] = Right.write,
    };

    private static readonly FrozenSet<string> WritableProperties = new[] { nameof(Tag.Name) }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly HashSet<string> Paged = [nameof(Tag.Tickets)];

    /// <inheritdoc />
    public override string Name => "Tags";

    /// <inheritdoc />
    public override string Description => "The tags that tickets can have. AddTags of a ticket creates those that do not exist yet.";

    /// <inheritdoc />
    public override Type Entity => typeof(Tag);

    /// <inheritdoc />
    public override string Noun => "tag";

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, Right> Rights => ByMethod;

    /// <inheritdoc />
    public override IReadOnlySet<string> Writable => WritableProperties;

    /// <inheritdoc />
    public override string Version => nameof(Tag.Version);

    /// <inheritdoc />
    public override bool ChangesIndependently => true;

    /// <inheritdoc />
    public override IReadOnlySet<string> PagedOnly => Paged;

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Descriptions { get; } = new Dictionary<string, string>
    {
        [""] = "A word that tickets are marked with.",
        ["Id"] = "The key; stays when the tag is renamed.",
        ["Name"] = "1 to 50 characters, without commas; unique without regard to case.",
        ["CreatedAt"] = "When it was first used.",
        ["Version"] = "Counts the changes from 1; the ETag of the tag.",
    };

    /// <inheritdoc />
    public override IQueryable Rows(IServiceProvider services) => services.GetRequiredService<TicketReads>().Tags;

    /// <inheritdoc />
    public override ISetCommands Commands(IServiceProvider services) => services.GetRequiredService<TagCommands>();

    /// <inheritdoc />
    public override void Declare(ODataConventionModelBuilder model)
    {
        var tag = model.EntityType<Tag>();
        tag.HasKey(t => t.Id);
        var name = tag.Property(t => t.Name);
        name.IsRequired();
        name.MaxLength = Tag.MaxNameLength;
        tag.Property(t => t.CreatedAt);
        tag.Property(t => t.Version).IsConcurrencyToken();
        tag.Ignore(t => t.NormalizedName);
    }
}
