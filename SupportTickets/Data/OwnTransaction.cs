using SupportTickets.Core;

namespace SupportTickets.Data;

/// <summary>Runs work that needs a transaction: all of it is stored, or nothing.</summary>
public static class OwnTransaction
{
    private const int MaxTries = 5;

    /// <summary>
    /// Runs work in the open transaction, if there is one; its owner then commits it. Else in one of its own, which is committed when
    /// the work succeeds. When the database aborts that one to end a deadlock, the work runs again, up to five times in all.
    /// </summary>
    /// <param name="db">The context.</param>
    /// <param name="work">Reads all that it needs, because it may run several times.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>What the work gave.</returns>
    public static async Task<Result<T>> RunAsync<T>(TicketDb db, Func<Task<Result<T>>> work, CancellationToken cancel) where T : class
    {
        if (db.Database.CurrentTransaction is not null)
            return await work();
        for (var attempt = 1; ; attempt++)
        {
            db.ChangeTracker.Clear();
            try
            {
                await using var transaction = await db.Database.BeginTransactionAsync(cancel);
                var result = await work();
                if (result.Problem is null)
                    await transaction.CommitAsync(cancel);
                return result;
            }
            catch (Exception error) when (attempt < MaxTries && DatabaseConflict.IsDeadlock(error))
            {
                // The database ended this attempt for another transaction. Run again, it may succeed.
            }
        }
    }
}
