using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SupportTickets.Data;

namespace SupportTickets.Access;

/// <summary>The tables of people, tokens, links and what was done with them.</summary>
internal sealed class AccessTables : ITables
{
    /// <inheritdoc />
    public void Declare(ModelBuilder model, SqlDialect sql)
    {
        model.Entity<Person>(person => DeclarePerson(person, sql.StoresAddedColumns));
        model.Entity<AccessToken>(token =>
        {
            token.ToTable("access_tokens", table => table.HasCheckConstraint("token_scope_valid", Range<TokenScope>("scope")));
            token.Property(t => t.Name).HasMaxLength(AccessToken.MaxNameLength * 2); // EF counts UTF-16 units, the rule code points
            token.Property(t => t.Hint).HasMaxLength(20);
            token.HasOne(t => t.Person).WithMany(p => p.Tokens).HasForeignKey(t => t.PersonId).OnDelete(DeleteBehavior.Cascade);
            token.HasIndex(t => t.Hash).IsUnique();
            token.HasIndex(t => t.PersonId);
        });
        model.Entity<Invitation>(invitation =>
        {
            invitation.ToTable("invitations", table => table.HasCheckConstraint("invitation_role_valid", Range<Role>("role")));
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
        model.Entity<GuessCount>(count =>
        {
            count.ToTable("guess_counts");
            count.HasKey(c => c.KeyHash);
            count.HasIndex(c => c.At);
        });
        model.Entity<EndedSession>(session =>
        {
            session.ToTable("ended_sessions");
            session.Property(s => s.Id).ValueGeneratedNever();
            session.HasIndex(s => s.Until);
        });
        // No foreign keys: what happened stays told when a person is gone.
        model.Entity<AccessEntry>(entry =>
        {
            entry.ToTable("access_log");
            entry.Property(e => e.Actor).HasMaxLength(AccessEntry.MaxTextLength);
            entry.Property(e => e.About).HasMaxLength(AccessEntry.MaxTextLength);
            entry.Property(e => e.Address).HasMaxLength(64);
            // One for each filter of the list, in the order of the list.
            entry.HasIndex(e => new { e.ActorId, e.Id });
            entry.HasIndex(e => new { e.PersonId, e.Id });
            entry.HasIndex(e => new { e.Act, e.Id });
        });
    }

    private static void DeclarePerson(EntityTypeBuilder<Person> person, bool storesAddedColumns)
    {
        person.ToTable("people", table => table.HasCheckConstraint("person_role_valid", Range<Role>("role")));
        person.Property(p => p.Name).HasMaxLength(Person.MaxNameLength * 2);
        person.Property(p => p.Email).HasMaxLength(Person.MaxEmailLength).IsRequired();
        person.Property(p => p.NormalizedEmail).HasMaxLength(Person.MaxEmailLength * 2).IsRequired();
        person.Property(p => p.PasswordHash).HasMaxLength(200);
        person.Property(p => p.SecurityStamp).HasMaxLength(64).IsRequired();
        person.Property(p => p.ConcurrencyStamp).HasMaxLength(64).IsConcurrencyToken();
        person.HasIndex(p => p.NormalizedEmail).IsUnique();
        person.Property<bool>(Person.IsActive).HasComputedColumnSql($"role > {(int)Role.viewer} AND deactivated_at IS NULL", storesAddedColumns);
        person.HasIndex(p => new { p.Name, p.Id });
        // These are written by statements of their own, the first two by versions before; Identity stores every property of a
        // person that it read before.
        person.Property(p => p.AccessFailedCount).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        person.Property(p => p.LockedUntil).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        person.Property(p => p.SignedInAt).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        // What Identity has and the desk does not use.
        person.Ignore(p => p.UserName).Ignore(p => p.NormalizedUserName).Ignore(p => p.LockoutEnd).Ignore(p => p.LockoutEnabled)
            .Ignore(p => p.EmailConfirmed).Ignore(p => p.PhoneNumber).Ignore(p => p.PhoneNumberConfirmed).Ignore(p => p.TwoFactorEnabled);
    }

    private static string Range<TEnum>(string column) where TEnum : struct, Enum => $"{column} BETWEEN 0 AND {Enum.GetValues<TEnum>().Length - 1}";
}
