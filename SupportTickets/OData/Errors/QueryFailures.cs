using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.OData;
using Npgsql;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.OData.Errors;

/// <summary>Tells what is wrong with a query, found while binding, translating or running it, from what is wrong with us.</summary>
internal static class QueryFailures
{
    /// <summary>
    /// How much is logged of the reason for which a query could not be translated, in UTF-16 units: EF quotes the whole expression.
    /// </summary>
    private const int MaxReason = 500;

    /// <summary>Binds or translates.</summary>
    public static T Watch<T>(Func<T> work, ILogger log)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (Error(error) is { } problem)
        {
            throw Told(error, problem, log);
        }
    }

    /// <summary>Runs.</summary>
    public static async Task<T> WatchAsync<T>(Func<Task<T>> work, ILogger log)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (Error(error) is { } problem)
        {
            throw Told(error, problem, log);
        }
    }

    /// <summary>What was wrong with a query that failed at a later row; null when that was not the query's fault.</summary>
    public static FeedException? OfRow(Exception error) =>
        error is DbException or ArithmeticException && Error(error) is { } problem ? new(problem) : null;

    private static FeedException Told(Exception error, FeedError problem, ILogger log)
    {
        // What the library or EF could not do is for us to know: it may be worth a mend.
        if (problem.Status == StatusCodes.Status501NotImplemented)
        {
            log.LogWarning(
                "A query could not be translated: {Kind}, {Reason}", error.GetType().Name,
                OneLine.Of(error.Message[..Math.Min(error.Message.Length, MaxReason)]));
            log.LogDebug(error, "A query could not be translated");
        }
        return new(problem);
    }

    private static FeedError? Error(Exception error) => error switch
    {
        FeedException or OperationCanceledException => null,
        ODataException problem => FeedError.BadQuery(problem.Message),
        _ when DatabaseOutage.Is(error) || StatementTimeout.Is(error) => null,
        // Class 22: a value that cannot be (overflow, division by zero, a bad argument); 54: too complex. 42: what EF wrote makes
        // no sense there, such as
        // an operation on types that have none or a sum of nothing but null; unless a table, a column or a right is missing.
        PostgresException { SqlState: ['2', '2', ..] } => OutOfRange,
        PostgresException
        {
            SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InsufficientPrivilege,
        } => null,
        PostgresException { SqlState: ['5', '4', ..] or ['4', '2', ..] } => FeedError.Untranslatable,
        SqliteException sqlite when QueryFunctions.IsOutOfRange(sqlite) => OutOfRange,
        SqliteException sqlite when sqlite.Message.Contains("too large", StringComparison.Ordinal)
            || sqlite.Message.Contains("too complex", StringComparison.Ordinal) => FeedError.Untranslatable,
        DbException => null,
        FormatException or ArithmeticException or InvalidOperationException { InnerException: ArithmeticException } => OutOfRange,
        // EF says "could not be translated" by these; a failure of the database is never one of them without being inside.
        InvalidOperationException or NotSupportedException or NotImplementedException or ArgumentException or InvalidCastException
            when error.InnerException is not DbException => FeedError.Untranslatable,
        _ => null,
    };

    private static readonly FeedError OutOfRange = FeedError.BadQuery(
        "The query computes a value that cannot be: a division by zero, or a number out of range.");
}
