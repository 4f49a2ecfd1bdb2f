using Microsoft.EntityFrameworkCore;
using SupportTickets.Access.People;
using SupportTickets.Data;

namespace SupportTickets.Access.Links;

/// <summary>The tables of one-time links.</summary>
internal sealed class LinkTables : ITables
{
    /// <inheritdoc />
    public void Declare(ModelBuilder model, TicketDb db)
    {
        model.Entity<Invitation>(invitation =>
        {
            invitation.ToTable("invitations", table => table.HasCheckConstraint("invitation_role_valid", EnumColumn.Check<Role>("role")));
            invitation.Property(i => i.Email).HasMaxLength(Person.MaxEmailLength);
            invitation.Property(i => i.NormalizedEmail).HasMaxLength(Person.MaxEmailLength * 2);
            invitation.HasOne(i => i.InvitedBy).WithMany().HasForeignKey(i => i.InvitedById).OnDelete(DeleteBehavior.Cascade);
            invitation.HasIndex(i => i.Hash).IsUnique();
            invitation.HasIndex(i => i.NormalizedEmail).IsUnique();
        });
        model.Entity<PasswordLink>(link =>
        {
            link.ToTable("password_links");
            link.HasKey(l => l.PersonId);
            link.Property(l => l.PersonId).ValueGeneratedNever();
            link.HasOne(l => l.Person).WithOne().HasForeignKey<PasswordLink>(l => l.PersonId).OnDelete(DeleteBehavior.Cascade);
            link.HasOne(l => l.MadeBy).WithMany().HasForeignKey(l => l.MadeById).OnDelete(DeleteBehavior.Cascade);
            link.HasIndex(l => l.Hash).IsUnique();
        });
    }
}

/// <summary>The sets of the context for one-time links.</summary>
public static class LinkSets
{
    extension(TicketDb db)
    {
        /// <summary>Invitations to create an account.</summary>
        public DbSet<Invitation> Invitations => db.Set<Invitation>();

        /// <summary>Links to set a new password.</summary>
        public DbSet<PasswordLink> PasswordLinks => db.Set<PasswordLink>();
    }
}
