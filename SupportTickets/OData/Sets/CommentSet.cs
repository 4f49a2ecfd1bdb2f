using System.Collections.Frozen;
using Microsoft.OData.ModelBuilder;
using SupportTickets.Access;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Changes;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.OData.Sets;

/// <summary>The replies and notes of the tickets.</summary>
internal sealed class CommentSet : FeedSet
{
    private static readonly Dictionary<string, Right> ByMethod = new()
    {
        [HttpMethods.Get] = Right.read,
        [HttpMethods.Post] = Right.write,
        [HttpMethods.Patch] = Right.write,
    };

    private static readonly FrozenSet<string> WritableProperties =
        new[] { nameof(Comment.TicketId), nameof(Comment.Body), nameof(Comment.IsInternal) }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly HashSet<string> Required = [nameof(Comment.Ticket)];

    private static readonly Dictionary<string, string> DayColumns = new() { [nameof(Comment.CreatedAt)] = nameof(Comment.CreatedDate) };

    /// <inheritdoc />
    public override string Name => "Comments";

    /// <inheritdoc />
    public override string Description =>
        "The replies to the tickets and, for callers who may see them, the internal notes. A comment can be edited by its author for "
        + "15 minutes; administrators delete it on the page of the ticket.";

    /// <inheritdoc />
    public override Type Entity => typeof(Comment);

    /// <inheritdoc />
    public override string Noun => "comment";

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, Right> Rights => ByMethod;

    /// <inheritdoc />
    public override IReadOnlySet<string> Writable => WritableProperties;

    /// <inheritdoc />
    public override string Version => nameof(Comment.Version);

    /// <inheritdoc />
    public override bool KeepsVersions => true;

    /// <inheritdoc />
    public override bool IsTracked => true;

    /// <inheritdoc />
    public override (IQueryable<int> Changed, IQueryable<int> Deleted) Changes(
        IServiceProvider services, ChangeMark since, ChangeMark until)
    {
        var changes = services.GetRequiredService<TicketChanges>();
        return (changes.ChangedComments(since, until), changes.DeletedComments(since, until));
    }

    /// <inheritdoc />
    /// <remarks>Its ticket changes without it.</remarks>
    public override bool TracksChangesOf(FeedSet related) => related == FeedSets.Dates;

    /// <inheritdoc />
    public override IReadOnlySet<string> RequiredNavigations => Required;

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Days => DayColumns;

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Descriptions { get; } = new Dictionary<string, string>
    {
        [""] = "A reply to a ticket, or an internal note about it.",
        ["Id"] = "The key, ascending in the order of writing within a ticket.",
        ["TicketId"] = "The ticket. Cannot be changed later.",
        ["Ticket"] = "The ticket.",
        ["Body"] = "The text, as Markdown; at most 1,000,000 bytes.",
        ["IsInternal"] = "Whether it is a note for the desk only. Cannot be changed later.",
        ["IsFromRequester"] = "Whether the requester wrote it, and not somebody of the desk.",
        ["Author"] = "The name that its author had then.",
        ["AuthorId"] = "The Id of the person who wrote it; null for the requester and for callers without a credential.",
        ["Channel"] = "The way it came in.",
        ["CreatedAt"] = "When it was written.",
        ["CreatedDate"] = "The UTC day of CreatedAt; indexed, so group and filter by it.",
        ["CreatedOn"] = "The calendar's row of CreatedDate; null outside the calendar.",
        ["EditedAt"] = "When its text was last edited; null while it was not.",
        ["Version"] = "Counts the changes from 1; the ETag of the comment.",
    };

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> LeadingHere { get; } =
        new Dictionary<string, string> { ["Ticket/Comments"] = "Its replies and, for callers who may see them, its internal notes." };

    /// <inheritdoc />
    public override IQueryable Rows(IServiceProvider services) => services.GetRequiredService<TicketReads>().Comments;

    /// <inheritdoc />
    public override ISetCommands Commands(IServiceProvider services) => services.GetRequiredService<CommentCommands>();

    /// <inheritdoc />
    public override string PropertyOf(string field) => field switch
    {
        "ticket" => nameof(Comment.TicketId),
        "is_internal" => nameof(Comment.IsInternal),
        _ => base.PropertyOf(field),
    };

    /// <inheritdoc />
    public override void Declare(ODataConventionModelBuilder model)
    {
        var comment = model.EntityType<Comment>();
        comment.HasKey(c => c.Id);
        comment.Property(c => c.TicketId);
        comment.Property(c => c.Body).IsRequired();
        comment.Property(c => c.IsInternal).DefaultValueString = "false";
        comment.Property(c => c.IsFromRequester);
        comment.Property(c => c.Author).IsRequired();
        comment.Property(c => c.AuthorId);
        comment.EnumProperty(c => c.Channel);
        comment.Property(c => c.CreatedAt);
        comment.Property(c => c.CreatedDate);
        comment.Property(c => c.EditedAt);
        comment.Property(c => c.Version).IsConcurrencyToken();
        comment.Ignore(c => c.KeyHash);
        comment.HasOptional(c => c.Ticket); // nullable for the reason that the ticket of an event is
        comment.HasOptional(c => c.CreatedOn);
    }
}
