using System.Data;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace SupportTickets.Data;

/// <summary>
/// The database context. The two classes derived from it hold the differences of the providers. It knows no feature: each feature
/// declares its tables (<see cref="ITables"/>) and adds its sets as extension members.
/// </summary>
public abstract class TicketDb(DbContextOptions options) : DbContext(options), IDataProtectionKeyContext
{
    /// <summary>The SQL dialect of this database.</summary>
    public abstract SqlDialect Sql { get; }

    /// <summary>
    /// Which rows it may read. Each service scope starts with the visibility of the desk itself; a request sets its caller's before
    /// it reads data.
    /// </summary>
    public Visibility Visibility { get; set; } = Visibility.Desk;

    /// <summary>The keys that protect forms and cookies, shared by all instances.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>
    /// Begins a snapshot: until it is disposed, all reads see the data of one moment, while others go on writing. Null when a
    /// transaction is open already: the reads then belong to it.
    /// </summary>
    public async Task<IAsyncDisposable?> SnapshotAsync(CancellationToken cancel) =>
        Database.CurrentTransaction is null ? await Database.BeginTransactionAsync(SnapshotLevel, cancel) : null;

    /// <summary>The isolation level of a transaction that reads everything from one snapshot.</summary>
    protected abstract IsolationLevel SnapshotLevel { get; }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ITables.DeclareAll(modelBuilder, this);
        modelBuilder.Entity<DataProtectionKey>().ToTable("data_protection_keys");
        SnakeCase.Apply(modelBuilder.Model);
    }
}
