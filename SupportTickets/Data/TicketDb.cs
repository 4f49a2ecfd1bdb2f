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
    /// <summary>How this database writes what the two write differently.</summary>
    public abstract SqlDialect Sql { get; }

    /// <summary>
    /// For whom it reads. Each scope begins with the desk itself; a request says who it is for before anything of the desk is read.
    /// </summary>
    public Visibility Visibility { get; set; } = Visibility.Desk;

    /// <summary>The keys that protect forms and cookies, shared by all instances.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>
    /// Lets everything that is read until the end of what this gives see the database as it is at one moment; others go on
    /// writing meanwhile. Null, which changes nothing, in a transaction that is open already.
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
