using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.People;

/// <summary>The caller is no longer an administrator; nothing was written.</summary>
public sealed record NotAnAdmin : Problem;

/// <summary>
/// Runs what administrators do with people: each action in a transaction of its own, one after another across all instances. So
/// nobody acts with a right that is being taken away, and two administrators cannot demote each other at the same moment.
/// </summary>
public sealed class AdminTransaction(TicketDb db)
{
    /// <summary>Runs an action and commits it unless it ends with a problem.</summary>
    /// <param name="by">Who asks; must still be an active administrator.</param>
    /// <param name="work">The action. It gets the ids of all active administrators, and sees the results of all earlier actions.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>What the work returns, or <see cref="NotAnAdmin"/>.</returns>
    public async Task<Result<T>> RunAsync<T>(Caller by, Func<IReadOnlyList<int>, Task<Result<T>>> work, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var admins = await db.LockAdminsAsync(cancel);
        if (by.PersonId is not { } id || !admins.Contains(id))
            return new NotAnAdmin();
        var result = await work(admins);
        if (result.Problem is null)
            await transaction.CommitAsync(cancel);
        return result;
    }
}
