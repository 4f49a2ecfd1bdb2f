using System.Collections.Frozen;
using Microsoft.OData.ModelBuilder;
using SupportTickets.Access;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.OData.Sets;

/// <summary>
/// The declaration of an entity set. The endpoint, the model with its descriptions and capabilities, the rows, their ETags, search
/// and the writes are derived from it. A new set is a subclass with a line in <see cref="FeedSets"/>; a set that can be written
/// also needs its <see cref="ISetCommands"/>.
/// </summary>
internal abstract class FeedSet
{
    /// <summary>The rights of a set that can only be read.</summary>
    protected static readonly IReadOnlyDictionary<string, Right> ReadOnly = new Dictionary<string, Right>
    {
        [HttpMethods.Get] = Right.read,
    };

    /// <summary>The name in URLs.</summary>
    public abstract string Name { get; }

    /// <summary>What the set holds, for people who build a report.</summary>
    public abstract string Description { get; }

    /// <summary>The class of the entities. Its name is that of the entity type.</summary>
    public abstract Type Entity { get; }

    /// <summary>The description of each property, by its name; that of the entity type has the empty name.</summary>
    public abstract IReadOnlyDictionary<string, string> Descriptions { get; }

    /// <summary>
    /// The descriptions of navigation properties of other sets that lead here, as "Ticket/Comments": the property exists in the model
    /// once this set does.
    /// </summary>
    public virtual IReadOnlyDictionary<string, string> LeadingHere => FrozenDictionary<string, string>.Empty;

    /// <summary>What error messages call an entity.</summary>
    public abstract string Noun { get; }

    /// <summary>The property that is the key, a whole number; an Int32 where the set is written or searched.</summary>
    public virtual string Key => "Id";

    /// <summary>Declares the key and the properties, in the order that people see the columns in.</summary>
    public abstract void Declare(ODataConventionModelBuilder model);

    /// <summary>The rows that the caller may see, untracked.</summary>
    /// <param name="services">The services of the request.</param>
    public abstract IQueryable Rows(IServiceProvider services);

    /// <summary>
    /// What the database keeps of how many <see cref="Rows"/> there are, by their properties. The first one counts all rows, too.
    /// </summary>
    /// <param name="services">The services of the request.</param>
    public virtual IReadOnlyList<KeptCounts> Kept(IServiceProvider services) => [];

    /// <summary>
    /// The methods that are offered on the set, on one of its entities and on their properties, and the right that each needs.
    /// </summary>
    public virtual IReadOnlyDictionary<string, Right> Rights => ReadOnly;

    /// <summary>The properties that a caller may write; the desk computes all others.</summary>
    public virtual IReadOnlySet<string> Writable => FrozenSet<string>.Empty;

    /// <summary>The writes; null for a set that is only read.</summary>
    /// <param name="services">The services of the request.</param>
    public virtual ISetCommands? Commands(IServiceProvider services) => null;

    /// <summary>The property that counts the changes of an entity, from 1: its ETag. Null where there is none.</summary>
    public virtual string? Version => null;

    /// <summary>Whether the set has delta links.</summary>
    public virtual bool IsTracked => false;

    /// <summary>
    /// The keys of the rows that changed between two marks, some of which may be deleted, and of those that were deleted; of a tracked
    /// set only.
    /// </summary>
    /// <param name="services">The services of the request.</param>
    /// <param name="since">Where the changes begin.</param>
    /// <param name="until">Where they end.</param>
    public virtual (IQueryable<int> Changed, IQueryable<int> Deleted) Changes(
        IServiceProvider services, ChangeMark since, ChangeMark until) => throw new NotSupportedException($"{Name} is not tracked.");

    /// <summary>Whether the rows of a tracked set change together with the related rows of another one, as their events tell.</summary>
    public virtual bool TracksChangesOf(FeedSet related) => !related.ChangesIndependently;

    /// <summary>
    /// Whether its rows change without an event of the tickets that refer to them. Changes to an answer with such rows in it cannot
    /// be tracked.
    /// </summary>
    public virtual bool ChangesIndependently => false;

    /// <summary>
    /// Whether its rows change without a new version of the rows that refer to them. The ETag of an answer with such rows in it cannot
    /// tell that it is unchanged.
    /// </summary>
    public virtual bool KeepsVersions => ChangesIndependently;

    /// <summary>
    /// A time that is set without a new version, and the time of the last new version; null where there is no such property. While
    /// the first is the later one, the ETag cannot tell that an entity is unchanged.
    /// </summary>
    public virtual (string Set, string LastVersion)? OutsideVersion => null;

    /// <summary>Whether each entity has a media stream, which is read at its <c>$value</c>.</summary>
    public virtual bool HasStream => false;

    /// <summary>Writes the stream of an entity, with all headers that belong to it; of a set that has streams.</summary>
    /// <param name="http">The request, GET or HEAD.</param>
    /// <param name="entity">The entity.</param>
    public virtual Task WriteStreamAsync(HttpContext http, object entity) => throw new NotSupportedException($"{Name} has no streams.");

    /// <summary>Whether <c>$search</c> is offered.</summary>
    public virtual bool IsSearchable => false;

    /// <summary>The keys of the rows in which a word or phrase is found; of a searchable set only.</summary>
    /// <param name="services">The services of the request.</param>
    /// <param name="text">The word or phrase.</param>
    public virtual IQueryable<int> Matching(IServiceProvider services, string text) =>
        throw new NotSupportedException($"{Name} cannot be searched.");

    /// <summary>
    /// The rows whose property may contain a text, found by an index that knows parts of texts. Some of them may not contain it; none that
    /// does is missing. All rows where there is no such index.
    /// </summary>
    /// <param name="services">The services of the request.</param>
    /// <param name="rows">Rows of this set.</param>
    /// <param name="property">The property.</param>
    /// <param name="text">The text.</param>
    public virtual IQueryable MayContain(IServiceProvider services, IQueryable rows, string property, string text) => rows;

    /// <summary>
    /// The navigation properties with more related rows than an expanded entity can hold. They are not expanded but have a path of
    /// their own, which is paged.
    /// </summary>
    public virtual IReadOnlySet<string> PagedOnly => FrozenSet<string>.Empty;

    /// <summary>The navigation properties that have a related row for every row, although the model cannot say so.</summary>
    public virtual IReadOnlySet<string> RequiredNavigations => FrozenSet<string>.Empty;

    /// <summary>The properties that hold only the day of another property, in an indexed column; by the name of that other one.</summary>
    public virtual IReadOnlyDictionary<string, string> Days => FrozenDictionary<string, string>.Empty;

    /// <summary>The property for a field of the core.</summary>
    public virtual string PropertyOf(string field) => char.ToUpperInvariant(field[0]) + field[1..];
}
