using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SupportTickets.Data;

/// <summary>
/// Prepares statements on PostgreSQL that are run again and again, so that it need not parse and plan them each time. Only those whose
/// best plan is the same for all values: what EF writes to store changes, and queries that are marked by a tag (<c>TagWith</c>).
/// </summary>
internal sealed class PreparedStatements : DbCommandInterceptor
{
    /// <summary>The tag of a query of the desk whose best plan is the same for all values, such as one for a row by its key.</summary>
    public const string OnePlan = "one plan for all values";

    /// <summary>The tag of such a query that a client of the feed made up.</summary>
    public const string OnePlanOfFeed = "one plan for all values of the feed";

    /// <summary>How often a statement is run before it is prepared: one that is run once would cost more.</summary>
    private const int Before = 5;

    /// <summary>How many statements are watched; then the counting begins anew.</summary>
    private const int MostWatched = 1000;

    /// <summary>The longest text that is watched, in characters: longer ones store many rows at once.</summary>
    private const int MostText = 8000;

    // Of each kind, so that clients who make up queries leave room for the others. Each session of the database keeps them all.
    private readonly Kind _saves = new(100), _queries = new(100), _feed = new(50);

    /// <inheritdoc />
    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        if (KindOf(command, eventData)?.IsWorth(command.CommandText) is true)
            await command.PrepareAsync(cancellationToken);
        return result;
    }

    /// <inheritdoc />
    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (KindOf(command, eventData)?.IsWorth(command.CommandText) is true)
            await command.PrepareAsync(cancellationToken);
        return result;
    }

    private Kind? KindOf(DbCommand command, CommandEventData eventData)
    {
        if (eventData.CommandSource is CommandSource.SaveChanges) return _saves;
        var text = command.CommandText;
        if (!text.StartsWith($"-- {OnePlan}", StringComparison.Ordinal)) return null;
        return text.StartsWith($"-- {OnePlanOfFeed}", StringComparison.Ordinal) ? _feed : _queries;
    }

    /// <summary>The statements of one kind. Shared by all contexts, which have the same statements.</summary>
    /// <param name="most">The most that are prepared.</param>
    private sealed class Kind(int most)
    {
        private readonly ConcurrentDictionary<string, int> _runs = new();
        private readonly ConcurrentDictionary<string, bool> _prepared = new();
        private int _watched, _places;

        public bool IsWorth(string text)
        {
            if (_prepared.ContainsKey(text)) return true;
            if (text.Length > MostText || Volatile.Read(ref _places) >= most) return false;
            var runs = _runs.AddOrUpdate(text, 1, (_, before) => before + 1);
            if (runs == 1 && Interlocked.Increment(ref _watched) > MostWatched)
            {
                _runs.Clear();
                _watched = 0;
            }
            if (runs <= Before || !_prepared.TryAdd(text, true)) return runs > Before;
            Interlocked.Increment(ref _places);
            return true;
        }
    }
}
