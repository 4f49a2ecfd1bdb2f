using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.OData;
using Npgsql;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.OData.Errors;

/// <summary>Tells errors of the query, found while binding, translating or running it, from bugs.</summary>
internal static class QueryFailures
{
    /// <summary>
    /// How much of the reason is logged when a query cannot be translated, in UTF-16 units: EF quotes the whole expression.
    /// </summary>
    private const int MaxReason = 500;

    /// <summary>Runs the binding or translation of a query.</summary>
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

    /// <summary>Runs a query.</summary>
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

    /// <summary>The error of a query that failed at a later row; null when the query was not the cause.</summary>
    public static FeedException? OfRow(Exception error) =>
        error is DbException or ArithmeticException && Error(error) is { } problem ? new(problem) : null;

    private static FeedException Told(Exception error, FeedError problem, ILogger log)
    {
        // The log tells us what the library or EF could not do: we may be able to support it.
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
        // Class 22: an impossible value (overflow, division by zero, a bad argument); 54: too complex. 42: the SQL of EF is
        // invalid, such as an operation that a type lacks or a sum of only nulls, unless a table, a column or a right is missing.
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
        // EF throws these for "could not be translated". A failure of the database would be an inner exception of theirs.
        InvalidOperationException or NotSupportedException or NotImplementedException or ArgumentException or InvalidCastException
            when error.InnerException is not DbException => FeedError.Untranslatable,
        _ => null,
    };

    private static readonly FeedError OutOfRange = FeedError.BadQuery(
        "The query computes a value that cannot be represented: a division by zero, or a number out of range.");
}
