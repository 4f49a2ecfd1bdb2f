using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SupportTickets.Data;

namespace SupportTickets.Access.People;

/// <summary>The table of people.</summary>
internal sealed class PeopleTable : ITables
{
    /// <inheritdoc />
    public void Declare(ModelBuilder model, TicketDb db) => model.Entity<Person>(person => Declare(person, db.Sql.StoresAddedColumns));

    private static void Declare(EntityTypeBuilder<Person> person, bool storesAddedColumns)
    {
        person.ToTable("people", table => table.HasCheckConstraint("person_role_valid", EnumColumn.Check<Role>("role")));
        person.Property(p => p.Name).HasMaxLength(Person.MaxNameLength * 2);
        person.Property(p => p.Email).HasMaxLength(Person.MaxEmailLength).IsRequired();
        person.Property(p => p.NormalizedEmail).HasMaxLength(Person.MaxEmailLength * 2).IsRequired();
        person.Property(p => p.PasswordHash).HasMaxLength(200);
        person.Property(p => p.SecurityStamp).HasMaxLength(64).IsRequired();
        person.Property(p => p.ConcurrencyStamp).HasMaxLength(64).IsConcurrencyToken();
        person.HasIndex(p => p.NormalizedEmail).IsUnique();
        person.Property<bool>(Person.IsActive)
            .HasComputedColumnSql($"role > {(int)Role.viewer} AND deactivated_at IS NULL", storesAddedColumns);
        person.HasIndex(p => new { p.Name, p.Id });
        // These are written by separate statements, the first two by earlier versions. Identity would store every property of a
        // person with the value it read before.
        person.Property(p => p.AccessFailedCount).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        person.Property(p => p.LockedUntil).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        person.Property(p => p.SignedInAt).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        // Properties of Identity that the desk does not use.
        person.Ignore(p => p.UserName).Ignore(p => p.NormalizedUserName).Ignore(p => p.LockoutEnd).Ignore(p => p.LockoutEnabled)
            .Ignore(p => p.EmailConfirmed).Ignore(p => p.PhoneNumber).Ignore(p => p.PhoneNumberConfirmed).Ignore(p => p.TwoFactorEnabled);
    }
}

/// <summary>The set of the context for people.</summary>
public static class PeopleSet
{
    extension(TicketDb db)
    {
        /// <summary>The people with an account.</summary>
        public DbSet<Person> People => db.Set<Person>();
    }
}
