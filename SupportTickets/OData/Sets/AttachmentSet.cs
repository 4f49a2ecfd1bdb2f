using Microsoft.OData.ModelBuilder;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Attachments;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.OData.Sets;

/// <summary>The files of tickets and comments.</summary>
internal sealed class AttachmentSet : FeedSet
{
    private static readonly HashSet<string> Required = [nameof(Attachment.Ticket)];

    /// <inheritdoc />
    public override string Name => "Attachments";

    /// <inheritdoc />
    public override string Description =>
        "The files of tickets and comments. The content of one is at its $value, as in Attachments(1)/$value.";

    /// <inheritdoc />
    public override Type Entity => typeof(Attachment);

    /// <inheritdoc />
    public override string Noun => "file";

    /// <inheritdoc />
    public override bool HasStream => true;

    /// <inheritdoc />
    /// <remarks>A file has an event, but leaves the version of the ticket and of the comment.</remarks>
    public override bool KeepsVersions => true;

    /// <inheritdoc />
    public override IReadOnlySet<string> RequiredNavigations => Required;

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Descriptions { get; } = new Dictionary<string, string>
    {
        [""] = "A file of a ticket or of one of its comments.",
        ["Id"] = "The key.",
        ["TicketId"] = "The ticket.",
        ["Ticket"] = "The ticket.",
        ["CommentId"] = "The comment that it came with; null when it came with the ticket.",
        ["Comment"] = "The comment that it came with; null when it came with the ticket.",
        ["IsInternal"] = "Whether its comment is an internal note.",
        ["Name"] = "The name of the file, without folders; 1 to 200 characters.",
        ["MediaType"] = "What its content shows it to be, whatever its name says; application/octet-stream for what is not known.",
        ["Size"] = "The length in bytes.",
        ["CreatedAt"] = "When it was added.",
    };

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> LeadingHere { get; } = new Dictionary<string, string>
    {
        ["Ticket/Attachments"] = "Its files and those of its comments; the files of internal notes for callers who may see these.",
        ["Comment/Attachments"] = "Its files.",
    };

    /// <inheritdoc />
    public override IQueryable Rows(IServiceProvider services) => services.GetRequiredService<TicketReads>().Attachments;

    /// <inheritdoc />
    public override Task WriteStreamAsync(HttpContext http, object entity) =>
        AttachmentAnswer.WriteAsync(http, (Attachment)entity, inline: false);

    /// <inheritdoc />
    public override void Declare(ODataConventionModelBuilder model)
    {
        var file = model.EntityType<Attachment>().MediaType();
        file.HasKey(f => f.Id);
        file.Property(f => f.TicketId).IsRequired(); // a file that waits for its ticket is not seen
        file.Property(f => f.CommentId);
        file.Property(f => f.IsInternal);
        var name = file.Property(f => f.Name);
        name.IsRequired();
        name.MaxLength = Attachment.MaxNameLength;
        file.Property(f => f.MediaType).IsRequired();
        file.Property(f => f.Size);
        file.Property(f => f.CreatedAt);
        file.Ignore(f => f.Hash);
        file.HasOptional(f => f.Ticket); // nullable for the reason that the ticket of an event is
        file.HasOptional(f => f.Comment);
    }
}
