using System.Data.Common;

namespace SupportTickets.Data;

/// <summary>The rows of a statement on SQLite, each of which must come in time (<see cref="SqliteStatements"/>).</summary>
/// <param name="rows">As the driver has them.</param>
/// <param name="work">Their connection's.</param>
/// <param name="seconds">How long a row may take to come; 0 is as long as it takes.</param>
/// <param name="cancel">The caller went away.</param>
internal sealed class SqliteRows(DbDataReader rows, SqliteWork work, int seconds, CancellationToken cancel) : ReaderOver(rows)
{
    private readonly DbDataReader _rows = rows;

    public override bool Read() => work.Run(_rows, static r => r.Read(), seconds, cancel);

    public override bool NextResult() => work.Run(_rows, static r => r.NextResult(), seconds, cancel);
}
