using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Views;

/// <summary>The table of saved views.</summary>
internal sealed class ViewTable : ITables
{
    /// <inheritdoc />
    public void Declare(ModelBuilder model, TicketDb db) => model.Entity<SavedView>(view =>
    {
        view.ToTable("saved_views");
        view.Property(v => v.Name).HasMaxLength(SavedView.MaxNameLength * 2); // EF counts UTF-16 units, the rule counts code points
        view.Property(v => v.Address).HasMaxLength(SavedView.MaxAddressLength);
        view.HasOne(v => v.Owner).WithMany().HasForeignKey(v => v.OwnerId).OnDelete(DeleteBehavior.Cascade);
        view.HasIndex(v => new { v.OwnerId, v.Name }).IsUnique();
        view.HasIndex(v => v.IsShared).HasFilter("is_shared");
    });
}

/// <summary>The set of the context for saved views.</summary>
public static class ViewSet
{
    extension(TicketDb db)
    {
        /// <summary>The lists that people saved.</summary>
        public DbSet<SavedView> SavedViews => db.Set<SavedView>();
    }
}
