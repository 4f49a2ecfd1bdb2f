using Microsoft.EntityFrameworkCore.Storage;

namespace SupportTickets.Data;

/// <summary>
/// A transaction that is given up when one of its saves fails. So EF need not set a savepoint before each save, and take it away after it:
/// two round trips to the database.
/// </summary>
internal sealed class WholeTransaction : IAsyncDisposable
{
    private readonly TicketDb _db;
    private readonly IDbContextTransaction _transaction;

    private WholeTransaction(TicketDb db, IDbContextTransaction transaction) => (_db, _transaction) = (db, transaction);

    /// <summary>Begins one; null when a transaction is open already, whose owner may go on after a failed save.</summary>
    public static async Task<WholeTransaction?> BeginAsync(TicketDb db, CancellationToken cancel)
    {
        if (db.Database.CurrentTransaction is not null)
            return null;
        var transaction = await db.Database.BeginTransactionAsync(cancel);
        db.Database.AutoSavepointsEnabled = false;
        return new(db, transaction);
    }

    /// <summary>Commits it.</summary>
    public Task CommitAsync(CancellationToken cancel) => _transaction.CommitAsync(cancel);

    /// <summary>Rolls it back, unless it was committed.</summary>
    public ValueTask DisposeAsync()
    {
        _db.Database.AutoSavepointsEnabled = true;
        return _transaction.DisposeAsync();
    }
}
