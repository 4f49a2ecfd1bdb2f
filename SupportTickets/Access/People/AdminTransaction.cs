using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.People;

/// <summary>The caller is no administrator any more; nothing was written.</summary>
public sealed record NotAnAdmin : Problem;

/// <summary>
/// Runs what administrators do with people, each in one transaction and one after another on however many instances. So
/// nobody acts on a right that is being taken away, and two administrators cannot demote each other at the same moment.
/// </summary>
public sealed class AdminTransaction(TicketDb db)
{
    /// <summary>Runs it; stored when it ends without a problem.</summary>
    /// <param name="by">Who asks; must be an active administrator by now, too.</param>
    /// <param name="work">Gets the ids of all active administrators. What it reads of people, it reads after all earlier work.</param>
    /// <param name="cancel">The caller went away.</param>
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
