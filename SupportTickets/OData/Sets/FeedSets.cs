using System.Collections.Frozen;
using Microsoft.OData.Edm;

namespace SupportTickets.OData.Sets;

/// <summary>The entity sets of the feed.</summary>
internal static class FeedSets
{
    /// <summary>The tickets.</summary>
    public static readonly FeedSet Tickets = new TicketSet();

    /// <summary>The history of the tickets.</summary>
    public static readonly FeedSet Events = new TicketEventSet();

    /// <summary>The calendar.</summary>
    public static readonly FeedSet Dates = new CalendarDaySet();

    /// <summary>The people who work on tickets.</summary>
    public static readonly FeedSet Agents = new AgentSet();

    /// <summary>The replies and notes.</summary>
    public static readonly FeedSet Comments = new CommentSet();

    /// <summary>Those who ask for help.</summary>
    public static readonly FeedSet Requesters = new RequesterSet();

    /// <summary>The tags.</summary>
    public static readonly FeedSet Tags = new TagSet();

    /// <summary>The files.</summary>
    public static readonly FeedSet Attachments = new AttachmentSet();

    /// <summary>The tags of the tickets.</summary>
    public static readonly FeedSet TicketTags = new TicketTagSet();

    /// <summary>All entity sets, in the order in which programs list them.</summary>
    public static readonly IReadOnlyList<FeedSet> All =
        [Tickets, Events, Dates, Agents, Comments, Requesters, Tags, Attachments, TicketTags];

    private static readonly FrozenDictionary<string, FeedSet> ByName = All.ToFrozenDictionary(set => set.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, FeedSet> ByType = All.ToFrozenDictionary(
        set => set.Entity.Name, StringComparer.Ordinal);

    /// <summary>The set with a name.</summary>
    public static FeedSet Named(string name) => ByName[name];

    /// <summary>The set whose entities have a type of the model; null for any other type.</summary>
    public static FeedSet? Of(IEdmType? type) => type is IEdmEntityType entity ? ByType.GetValueOrDefault(entity.Name) : null;

    /// <summary>The set whose entities have a class.</summary>
    public static FeedSet Of(Type entity) => ByType[entity.Name];
}
