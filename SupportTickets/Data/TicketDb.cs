using System.Data;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace SupportTickets.Data;

/// <summary>
/// The database. What the two providers do differently is in the two classes below it. It knows no feature: each declares its own
/// tables (<see cref="ITables"/>) and gives its own sets, as extension members.
/// </summary>
public abstract class TicketDb(DbContextOptions options) : DbContext(options), IDataProtectionKeyContext
{
    /// <summary>The SQL that differs between the two databases, as this one writes it.</summary>
    public abstract SqlDialect Sql { get; }

    /// <summary>
    /// For whom it reads. Each scope begins with the desk itself; a request says who it is for before anything of the desk is read.
    /// </summary>
    public Visibility Visibility { get; set; } = Visibility.Desk;

    /// <summary>The keys that protect forms and cookies, shared by all instances.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>
    /// Begins a snapshot: until it is disposed, everything that is read is read as of one moment, while others go on writing. Null
    /// in a transaction that is open already, which is then read in.
    /// </summary>
    public async Task<IAsyncDisposable?> SnapshotAsync(CancellationToken cancel) =>
        Database.CurrentTransaction is null ? await Database.BeginTransactionAsync(SnapshotLevel, cancel) : null;

    /// <summary>The isolation of a transaction that only reads, all of it from one snapshot.</summary>
    protected abstract IsolationLevel SnapshotLevel { get; }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ITables.DeclareAll(modelBuilder, Sql);
        modelBuilder.Entity<DataProtectionKey>().ToTable("data_protection_keys");
        SnakeCase.Apply(modelBuilder.Model);
    }
}
