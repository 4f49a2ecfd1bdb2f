using Microsoft.EntityFrameworkCore;
using SupportTickets.Access.People;
using SupportTickets.Data;

namespace SupportTickets.Tickets;

/// <summary>The tables of what belongs to a ticket: requesters, comments, tags and files.</summary>
internal sealed class ConversationTables : ITables
{
    /// <summary>The query filter that hides internal notes, their files and their events.</summary>
    public const string NotesFilter = "notes";

    /// <inheritdoc />
    public void Declare(ModelBuilder model, TicketDb db)
    {
        DeclareRequesters(model);
        DeclareComments(model, db);
        DeclareTags(model);
        DeclareAttachments(model, db);
        model.Entity<TicketEvent>().HasQueryFilter(NotesFilter, e => !e.IsInternal || db.Visibility.MayReadNotes);
    }

    private static void DeclareRequesters(ModelBuilder model) => model.Entity<Requester>(requester =>
    {
        requester.ToTable("requesters");
        // EF counts UTF-16 units, the rules count code points.
        requester.Property(r => r.Name).HasMaxLength(Requester.MaxNameLength * 2);
        requester.Property(r => r.Email).HasMaxLength(Requester.MaxEmailLength);
        requester.Property(r => r.NormalizedEmail).HasMaxLength(Requester.MaxEmailLength * 2);
        requester.Property(r => r.Organization).HasMaxLength(Requester.MaxOrganizationLength * 2);
        requester.HasIndex(r => r.NormalizedEmail).IsUnique();
        requester.HasIndex(r => new { r.Name, r.Id });
        requester.HasMany(r => r.Tickets).WithOne(t => t.Requester).HasForeignKey(t => t.RequesterId).OnDelete(DeleteBehavior.Restrict);
        // Beside a ticket stand the other tickets of its requester, open ones first.
        model.Entity<Ticket>().HasIndex(t => new { t.RequesterId, t.Status, t.CreatedAt, t.Id }, "ix_tickets_requester")
            .HasFilter("requester_id IS NOT NULL");
    });

    private static void DeclareComments(ModelBuilder model, TicketDb db)
    {
        model.Entity<Comment>(comment =>
        {
            comment.ToTable("comments");
            comment.Property(c => c.Author).HasMaxLength(Requester.MaxNameLength * 2);
            comment.Property(c => c.CreatedDate).HasComputedColumnSql(db.Sql.Date("created_at"), stored: true);
            comment.HasOne(c => c.Ticket).WithMany(t => t.Comments).HasForeignKey(c => c.TicketId).OnDelete(DeleteBehavior.Cascade);
            comment.HasOne<Person>().WithMany().HasForeignKey(c => c.AuthorId).OnDelete(DeleteBehavior.Restrict);
            TicketTables.OnDay(comment, c => c.CreatedOn, c => c.CreatedDate);
            comment.HasIndex(c => new { c.TicketId, c.Id });
            comment.HasIndex(c => c.CreatedDate);
            comment.HasIndex(c => c.AuthorId);
            comment.HasIndex(c => c.KeyHash).IsUnique();
            comment.HasQueryFilter(NotesFilter, c => !c.IsInternal || db.Visibility.MayReadNotes);
        });
        model.Entity<CommentDeletion>(deletion =>
        {
            deletion.ToTable("comment_deletions");
            deletion.HasIndex(d => d.CommentId).IsUnique();
            deletion.HasIndex(d => d.KeyHash).HasFilter("key_hash IS NOT NULL");
            deletion.HasQueryFilter(NotesFilter, d => !d.IsInternal || db.Visibility.MayReadNotes);
            if (db.Sql.IsPostgres) TicketTables.TellsTransaction(deletion);
        });
    }

    private static void DeclareTags(ModelBuilder model)
    {
        model.Entity<Tag>(tag =>
        {
            tag.ToTable("tags");
            tag.Property(t => t.Name).HasMaxLength(Tag.MaxNameLength * 2);
            tag.Property(t => t.NormalizedName).HasMaxLength(Tag.MaxNameLength * 4);
            tag.HasIndex(t => t.NormalizedName).IsUnique();
        });
        model.Entity<TicketTag>(tag =>
        {
            tag.ToTable("ticket_tags");
            tag.HasOne(t => t.Ticket).WithMany(t => t.Tags).HasForeignKey(t => t.TicketId).OnDelete(DeleteBehavior.Cascade);
            tag.HasOne(t => t.Tag).WithMany(t => t.Tickets).HasForeignKey(t => t.TagId).OnDelete(DeleteBehavior.Cascade);
            tag.HasIndex(t => new { t.TicketId, t.TagId }).IsUnique();
            tag.HasIndex(t => new { t.TagId, t.TicketId });
        });
    }

    private static void DeclareAttachments(ModelBuilder model, TicketDb db)
    {
        model.Entity<Attachment>(file =>
        {
            file.ToTable("attachments");
            file.Property(f => f.Name).HasMaxLength(Attachment.MaxNameLength * 2);
            file.Property(f => f.MediaType).HasMaxLength(100);
            file.HasOne(f => f.Ticket).WithMany(t => t.Attachments).HasForeignKey(f => f.TicketId).OnDelete(DeleteBehavior.Cascade);
            file.HasOne(f => f.Comment).WithMany(c => c.Attachments).HasForeignKey(f => f.CommentId).OnDelete(DeleteBehavior.Cascade);
            file.HasIndex(f => new { f.TicketId, f.Id });
            file.HasIndex(f => f.CommentId);
            file.HasIndex(f => f.CreatedAt, "ix_attachments_waiting").HasFilter("is_internal AND comment_id IS NULL");
            file.HasQueryFilter(NotesFilter, f => !f.IsInternal || (f.CommentId != null && db.Visibility.MayReadNotes));
        });
        model.Entity<AttachmentPiece>(piece =>
        {
            piece.ToTable("attachment_pieces");
            piece.HasKey(p => new { p.AttachmentId, p.Number });
            piece.HasOne<Attachment>().WithMany().HasForeignKey(p => p.AttachmentId).OnDelete(DeleteBehavior.Cascade);
            piece.HasQueryFilter(NotesFilter, p => db.Set<Attachment>().Any(f => f.Id == p.AttachmentId));
        });
    }
}
