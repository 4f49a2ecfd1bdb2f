using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SupportTickets.Tests.OData;

/// <summary>A connection that dies after some rows of a query over tickets.</summary>
internal sealed class TornConnection : DbCommandInterceptor
{
    public int? After { get; set; }

    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default) =>
        new(
            After is { } rows
            && command.CommandText.Contains("FROM", StringComparison.Ordinal)
            && command.CommandText.Contains("tickets", StringComparison.Ordinal)
                ? new Reader(result, rows)
                : result);

    private sealed class Reader(DbDataReader inner, int rows) : WatchedReader(inner)
    {
        private int _left = rows;

        protected override Task BeforeRowAsync() => _left-- > 0 ? Task.CompletedTask : throw new TornException();
    }
}

internal sealed class TornException() : DbException("The server closed the connection.");
