using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets;

/// <summary>The sets of the context for tickets.</summary>
public static class TicketSets
{
    extension(TicketDb db)
    {
        /// <summary>The tickets. To read them for a caller, use <c>TicketReads</c>.</summary>
        public DbSet<Ticket> Tickets => db.Set<Ticket>();

        /// <summary>Their history.</summary>
        public DbSet<TicketEvent> TicketEvents => db.Set<TicketEvent>();

        /// <summary>The records of deleted tickets.</summary>
        public DbSet<TicketDeletion> TicketDeletions => db.Set<TicketDeletion>();

        /// <summary>Those who ask for help.</summary>
        public DbSet<Requester> Requesters => db.Set<Requester>();

        /// <summary>The replies and notes of tickets.</summary>
        public DbSet<Comment> Comments => db.Set<Comment>();

        /// <summary>The records of deleted comments.</summary>
        public DbSet<CommentDeletion> CommentDeletions => db.Set<CommentDeletion>();

        /// <summary>The tags.</summary>
        public DbSet<Tag> Tags => db.Set<Tag>();

        /// <summary>Which ticket has which tag.</summary>
        public DbSet<TicketTag> TicketTags => db.Set<TicketTag>();

        /// <summary>The files of tickets and comments, without their content.</summary>
        public DbSet<Attachment> Attachments => db.Set<Attachment>();

        /// <summary>The content of the files, in pieces.</summary>
        public DbSet<AttachmentPiece> AttachmentPieces => db.Set<AttachmentPiece>();

        /// <summary>People as readers of tickets see them.</summary>
        public DbSet<Agent> Agents => db.Set<Agent>();
    }
}
