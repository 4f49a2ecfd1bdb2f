using System.Data.Common;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace SupportTickets.Data;

/// <summary>
/// Cancels a statement on SQLite when PostgreSQL would: when its caller goes away, or when it gives no row within its
/// CommandTimeout. SQLite works in the calling thread, and its driver checks for neither while it does. So SQLite's own progress
/// handler checks. The time that the reader of the rows spends elsewhere does not count.
/// </summary>
internal sealed class SqliteStatements : DbCommandInterceptor
{
    /// <inheritdoc />
    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) =>
        Read(command, result, CancellationToken.None);

    /// <inheritdoc />
    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default) =>
        new(Read(command, result, cancellationToken));

    /// <inheritdoc />
    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result) =>
        Run(command, result, static c => c.ExecuteScalar()!, CancellationToken.None);

    /// <inheritdoc />
    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        new(Run(command, result, static c => c.ExecuteScalar()!, cancellationToken));

    /// <inheritdoc />
    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result) =>
        Run(command, result, static c => c.ExecuteNonQuery(), CancellationToken.None);

    /// <inheritdoc />
    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        new(Run(command, result, static c => c.ExecuteNonQuery(), cancellationToken));

    private static InterceptionResult<DbDataReader> Read(
        DbCommand command, InterceptionResult<DbDataReader> result, CancellationToken cancel)
    {
        if (result.HasResult)
            return result;
        var work = SqliteWork.Of(command);
        var rows = work.Run(command, static c => c.ExecuteReader(), command.CommandTimeout, cancel);
        return InterceptionResult<DbDataReader>.SuppressWithResult(new SqliteRows(rows, work, command.CommandTimeout, cancel));
    }

    private static InterceptionResult<T> Run<T>(
        DbCommand command, InterceptionResult<T> result, Func<DbCommand, T> run, CancellationToken cancel) =>
        result.HasResult
            ? result
            : InterceptionResult<T>.SuppressWithResult(SqliteWork.Of(command).Run(command, run, command.CommandTimeout, cancel));
}

/// <summary>The current work of one connection, for its progress handler.</summary>
internal sealed class SqliteWork
{
    /// <summary>Instructions of SQLite's virtual machine between two checks: a fraction of a millisecond.</summary>
    private const int Stride = 10_000;

    private static readonly ConditionalWeakTable<sqlite3, SqliteWork> All = [];

    private CancellationToken _cancel;
    private long _deadline = long.MaxValue;

    /// <summary>The work of a command's connection, kept as long as the file is open.</summary>
    public static SqliteWork Of(DbCommand command) => All.GetValue(((SqliteConnection)command.Connection!).Handle!, static connection =>
    {
        var work = new SqliteWork();
        raw.sqlite3_progress_handler(connection, Stride, static state => ((SqliteWork)state).MustStop ? 1 : 0, work);
        return work;
    });

    private bool MustStop => _cancel.IsCancellationRequested || Stopwatch.GetTimestamp() > _deadline;

    /// <summary>Runs one call of SQLite.</summary>
    /// <param name="on">The argument of the call.</param>
    /// <param name="run">The call.</param>
    /// <param name="seconds">The most seconds that it may take; 0 for no limit.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public T Run<TOn, T>(TOn on, Func<TOn, T> run, int seconds, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        _deadline = seconds == 0 ? long.MaxValue : Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency);
        _cancel = cancel;
        try
        {
            return run(on);
        }
        catch (SqliteException error) when (error.SqliteErrorCode == StatementTimeout.SqliteInterrupt && cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(error.Message, error, cancel);
        }
        finally
        {
            _deadline = long.MaxValue;
            _cancel = CancellationToken.None;
        }
    }
}
