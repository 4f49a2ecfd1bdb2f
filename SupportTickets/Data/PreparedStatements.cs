using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SupportTickets.Data;

/// <summary>
/// Prepares statements on PostgreSQL that are run again and again, so that it need not parse and plan them each time. Only those whose
/// best plan is the same for all values: what EF writes to store changes, and queries that are marked.
/// </summary>
internal sealed class PreparedStatements : DbCommandInterceptor
{
    /// <summary>The most statements that are prepared, in each session of the database.</summary>
    private const int Most = 100;

    /// <summary>How often a statement is run before it is prepared: one that is run once would cost more.</summary>
    private const int Before = 5;

    /// <summary>
    /// The tag (<c>TagWith</c>) of a query whose best plan is the same for all values, such as one for a row by its key.
    /// </summary>
    public const string OnePlan = "one plan for all values";

    private const string Comment = $"-- {OnePlan}";

    // Shared by all contexts, which have the same statements.
    private readonly ConcurrentDictionary<string, int> _runs = new();

    /// <inheritdoc />
    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (IsWorth(command, eventData))
            await command.PrepareAsync(cancellationToken);
        return result;
    }

    /// <inheritdoc />
    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (IsWorth(command, eventData))
            await command.PrepareAsync(cancellationToken);
        return result;
    }

    private bool IsWorth(DbCommand command, CommandEventData eventData)
    {
        var text = command.CommandText;
        if (eventData.CommandSource is not CommandSource.SaveChanges && !text.StartsWith(Comment, StringComparison.Ordinal))
            return false;
        if (_runs.TryGetValue(text, out var runs) ? runs > Before : _runs.Count >= Most)
            return runs > Before;
        return _runs.AddOrUpdate(text, 1, (_, n) => n + 1) > Before;
    }
}
