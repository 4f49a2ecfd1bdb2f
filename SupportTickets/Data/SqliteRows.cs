using System.Data.Common;

namespace SupportTickets.Data;

/// <summary>The rows of a statement on SQLite. Each row must arrive in time (<see cref="SqliteStatements"/>).</summary>
/// <param name="rows">The driver's reader.</param>
/// <param name="work">The work of their connection.</param>
/// <param name="seconds">The most seconds that a row may take; 0 for no limit.</param>
/// <param name="cancel">Cancelled when the caller goes away.</param>
internal sealed class SqliteRows(DbDataReader rows, SqliteWork work, int seconds, CancellationToken cancel) : DelegatingReader(rows)
{
    private readonly DbDataReader _rows = rows;

    public override bool Read() => work.Run(_rows, static r => r.Read(), seconds, cancel);

    public override bool NextResult() => work.Run(_rows, static r => r.NextResult(), seconds, cancel);
}
