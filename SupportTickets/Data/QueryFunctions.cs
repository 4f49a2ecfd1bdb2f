using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace SupportTickets.Data;

/// <summary>
/// Functions for queries that the two databases compute differently, or that one of them lacks. PostgreSQL uses its own, SQLite
/// uses ours, with equal results. A null argument gives null.
/// </summary>
public static class QueryFunctions
{
    /// <summary>The rank of null among Booleans: farther from those of true and false than these are from each other.</summary>
    internal const int NoRank = 10;

    /// <summary>The error message for a number that does not fit.</summary>
    internal const string Overflow = "number overflow";

    private const string DivisionByZero = "division by zero", WhiteSpace =
        "\t\n\v\f\r \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000";

    /// <summary>
    /// The remainder of a division of floating-point numbers, computed with their decimal notation. Null for an infinite dividend;
    /// throws when the divisor is 0.
    /// </summary>
    public static double? Remainder(double? left, double? right)
    {
        if (left is not { } dividend || right is not { } divisor || !double.IsFinite(dividend))
            return null;
        if (divisor == 0)
            throw new ArithmeticException(DivisionByZero);
        return double.IsFinite(divisor) ? Double(Decimal(dividend) % Decimal(divisor)) : dividend;
    }

    /// <summary>Rounds to an integer, halves away from zero.</summary>
    public static decimal? Round(decimal? value) => throw OnlyInQueries();

    /// <summary>Microseconds since the minute began, 0 to 59,999,999.</summary>
    public static double? Microseconds(DateTime? time) => throw OnlyInQueries();

    /// <summary>Seconds from one time to another, to the microsecond; negative when the second is the earlier.</summary>
    public static double? SecondsBetween(DateTime? from, DateTime? to) => throw OnlyInQueries();

    /// <summary>The text in lower case, in every alphabet.</summary>
    public static string? Lower(string? text) => throw OnlyInQueries();

    /// <summary>The text in upper case, in every alphabet.</summary>
    public static string? Upper(string? text) => throw OnlyInQueries();

    /// <summary>The result of an arithmetic operation; throws on overflow, as PostgreSQL does by itself.</summary>
    public static int? Checked(int? value) => throw OnlyInQueries();

    /// <inheritdoc cref="Checked(int?)" />
    public static long? Checked(long? value) => throw OnlyInQueries();

    /// <summary>A divisor; throws when it is 0, as PostgreSQL does by itself.</summary>
    public static int? Divisor(int? value) => throw OnlyInQueries();

    /// <inheritdoc cref="Divisor(int?)" />
    public static long? Divisor(long? value) => throw OnlyInQueries();

    /// <summary>The time unchanged: only tells the database that the expression is a time.</summary>
    public static DateTime? Time(DateTime? time) => throw OnlyInQueries();

    /// <summary>The time at which a day begins, in UTC.</summary>
    public static DateTime? Midnight(DateOnly? day) => throw OnlyInQueries();

    /// <summary>A time made of its parts; the zone is UTC.</summary>
    public static DateTime MakeTime(int year, int month, int day, int hour, int minute, double second, string zone) =>
        new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc).AddSeconds(second);

    /// <summary>A day made of its parts.</summary>
    public static DateOnly MakeDay(int year, int month, int day) => new(year, month, day);

    /// <summary>
    /// The value unchanged, for sorting. When the rows of a subquery that sorts descending are grouped and sorted by the same
    /// column, SQLite (3.53) assumes that they are sorted ascending and does not sort them. A function around the column prevents
    /// that.
    /// </summary>
    public static string? AsIs(string? value) => throw OnlyInQueries();

    /// <inheritdoc cref="AsIs(string?)" />
    public static long? AsIs(long? value) => throw OnlyInQueries();

    /// <inheritdoc cref="AsIs(string?)" />
    public static double? AsIs(double? value) => throw OnlyInQueries();

    /// <inheritdoc cref="AsIs(string?)" />
    public static DateTime? AsIs(DateTime? value) => throw OnlyInQueries();

    /// <inheritdoc cref="AsIs(string?)" />
    public static DateOnly? AsIs(DateOnly? value) => throw OnlyInQueries();

    /// <inheritdoc cref="AsIs(string?)" />
    public static TimeOnly? AsIs(TimeOnly? value) => throw OnlyInQueries();

    /// <summary>The text without Unicode white space at both ends.</summary>
    public static string? Trim(string? text) => throw OnlyInQueries();

    /// <summary>
    /// A Boolean as a number, for comparison by difference: false is 0, true is 1, and null is a number farther from both than they
    /// are from each other.
    /// </summary>
    public static int Rank(bool? value) => throw OnlyInQueries();

    /// <summary>Two texts joined; null when either is null, where C# would give the other one.</summary>
    public static string? Concat(string? first, string? second) => throw OnlyInQueries();

    internal static void MapSqlite(ModelBuilder model)
    {
        Map(() => Round(null), "round_away");
        Map(() => Remainder(null, null), "remainder");
        Map(() => Microseconds(null), "microseconds");
        Map(() => SecondsBetween(null, null), "seconds_between");
        Map(() => Lower(null), "unicode_lower");
        Map(() => Upper(null), "unicode_upper");
        Map(() => Checked((int?)null), "checked_32");
        Map(() => Checked((long?)null), "checked_64");
        Map(() => Divisor((int?)null), "divisor");
        Map(() => Divisor((long?)null), "divisor");
        Map(() => Midnight(null), "midnight");
        model.HasDbFunction(() => Time(null)).HasTranslation(arguments => arguments[0]);
        Map(() => Trim(null), "unicode_trim");
        Map(() => AsIs((string?)null), "as_is");
        Map(() => AsIs((long?)null), "as_is");
        Map(() => AsIs((double?)null), "as_is");
        Map(() => AsIs((DateTime?)null), "as_is");
        Map(() => AsIs((DateOnly?)null), "as_is");
        Map(() => AsIs((TimeOnly?)null), "as_is");
        Map(() => Concat(null, null), "concat_texts");
        model.HasDbFunction(() => Rank(null)).HasName("boolean_rank").IsNullable(false);
        model.HasDbFunction(() => MakeTime(0, 0, 0, 0, 0, 0, "")).HasName("make_time").IsNullable(false);
        model.HasDbFunction(() => MakeDay(0, 0, 0)).HasName("make_day").IsNullable(false);
        model.HasDbFunction(typeof(TimeOnly).GetMethod(nameof(TimeOnly.FromDateTime), [typeof(DateTime)])!).HasName("time_of_day");

        void Map<T>(System.Linq.Expressions.Expression<Func<T>> function, string name) => model.HasDbFunction(function).HasName(name);
    }

    internal static void MapPostgres(ModelBuilder model)
    {
        model.HasDbFunction(() => Round(null)).HasName("round").IsBuiltIn();
        // PostgreSQL's own conversion to numeric keeps only 15 of 17 digits.
        model.HasDbFunction(() => Remainder(null, null)).HasTranslation(arguments => Call("nullif", typeof(double), FractionMapping,
            As(Call("mod", typeof(decimal), DecimalMapping, Written(arguments[0]), Written(arguments[1])), typeof(double), FractionMapping),
            new SqlFragmentExpression("'NaN'::float8")));
        model.HasDbFunction(() => Lower(null)).HasName("lower").IsBuiltIn();
        model.HasDbFunction(() => Upper(null)).HasName("upper").IsBuiltIn();
        model.HasDbFunction(() => Concat(null, null)).HasName("textcat").IsBuiltIn();
        model.HasDbFunction(() => Microseconds(null)).HasTranslation(arguments => DatePart("microseconds",
            Call("timezone", typeof(DateTime), arguments[0].TypeMapping, new SqlFragmentExpression("'UTC'"), arguments[0])));
        model.HasDbFunction(() => SecondsBetween(null, null)).HasTranslation(arguments => DatePart("epoch",
            Call("timestamptz_mi", typeof(TimeSpan), arguments[0].TypeMapping, arguments[1], arguments[0])));
        model.HasDbFunction(() => Midnight(null)).HasTranslation(arguments => Call(
            "timezone", typeof(DateTime), null,
            new SqlFragmentExpression("'UTC'"), Sum(arguments[0], new SqlFragmentExpression("time '00:00'"))));
        model.HasDbFunction(() => Trim(null)).HasTranslation(arguments => Call(
            "btrim", typeof(string), arguments[0].TypeMapping,
            arguments[0], new SqlConstantExpression(WhiteSpace, arguments[0].TypeMapping)));
        model.HasDbFunction(() => MakeTime(0, 0, 0, 0, 0, 0, "")).HasName("make_timestamptz").IsBuiltIn().IsNullable(false);
        model.HasDbFunction(() => MakeDay(0, 0, 0)).HasName("make_date").IsBuiltIn().IsNullable(false);
        Same(() => AsIs((string?)null));
        Same(() => AsIs((long?)null));
        Same(() => AsIs((double?)null));
        Same(() => AsIs((DateTime?)null));
        Same(() => AsIs((DateOnly?)null));
        Same(() => AsIs((TimeOnly?)null));
        Same(() => Time(null));
        Same(() => Checked((int?)null));
        Same(() => Checked((long?)null));
        Same(() => Divisor((int?)null));
        Same(() => Divisor((long?)null));

        var whole = IntTypeMapping.Default;
        model.HasDbFunction(() => Rank(null)).HasTranslation(arguments => new SqlFunctionExpression(
            "coalesce", [Call("int4", typeof(int), whole, arguments[0]), new SqlFragmentExpression($"{NoRank}")],
            nullable: false, [false, false], typeof(int), whole));

        void Same<T>(System.Linq.Expressions.Expression<Func<T>> function) =>
            model.HasDbFunction(function).HasTranslation(arguments => arguments[0]);

        static SqlUnaryExpression As(SqlExpression value, Type type, RelationalTypeMapping mapping) =>
            new(System.Linq.Expressions.ExpressionType.Convert, value, type, mapping);

        static SqlUnaryExpression Written(SqlExpression fraction) =>
            As(As(fraction, typeof(string), TextMapping), typeof(decimal), DecimalMapping);

        static SqlBinaryExpression Sum(SqlExpression day, SqlExpression time) =>
            new(System.Linq.Expressions.ExpressionType.Add, day, time, typeof(DateTime), day.TypeMapping);

        static SqlFunctionExpression DatePart(string part, SqlExpression of) =>
            Call("date_part", typeof(double), null, new SqlFragmentExpression($"'{part}'"), of);

        static SqlFunctionExpression Call(string name, Type type, RelationalTypeMapping? mapping, params SqlExpression[] arguments) =>
            new(name, arguments, nullable: true, [.. arguments.Select(argument => argument is not SqlFragmentExpression)], type, mapping);
    }

    private static readonly RelationalTypeMapping DecimalMapping = new DecimalTypeMapping("numeric");

    private static readonly RelationalTypeMapping TextMapping = new StringTypeMapping("text", System.Data.DbType.String);

    private static readonly RelationalTypeMapping FractionMapping = new DoubleTypeMapping("double precision");

    /// <summary>Registers the functions with an SQLite connection.</summary>
    internal static void Register(SqliteConnection connection)
    {
        connection.CreateFunction<decimal?, decimal?>("round_away",
            value => value is { } number ? Math.Round(number, MidpointRounding.AwayFromZero) : null, isDeterministic: true);
        connection.CreateFunction<double?, double?, double?>("remainder", Remainder, isDeterministic: true);
        connection.CreateFunction<DateTime?, double?>("microseconds",
            time => time is { } at ? at.Ticks % TimeSpan.TicksPerMinute / TimeSpan.TicksPerMicrosecond : null, isDeterministic: true);
        connection.CreateFunction<DateTime?, DateTime?, double?>("seconds_between",
            (from, to) => (to - from)?.TotalSeconds, isDeterministic: true);
        connection.CreateFunction<DateTime?, string?>("time_of_day",
            time => time is { } at ? TimeText(TimeOnly.FromDateTime(at)) : null, isDeterministic: true);
        connection.CreateFunction<string?, string?>("unicode_lower", text => text?.ToLowerInvariant(), isDeterministic: true);
        connection.CreateFunction<string?, string?>("unicode_upper", text => text?.ToUpperInvariant(), isDeterministic: true);
        connection.CreateFunction<string?, string?>("unicode_trim", text => text?.Trim(), isDeterministic: true);
        connection.CreateFunction<string?, string?>("midnight", day => day is null ? null : $"{day} 00:00:00", isDeterministic: true);
        connection.CreateFunction<object?, object?>("checked_32",
            value => Fitting(value, int.MinValue, int.MaxValue), isDeterministic: true);
        connection.CreateFunction<object?, object?>("checked_64",
            value => Fitting(value, long.MinValue, long.MaxValue), isDeterministic: true);
        connection.CreateFunction<object?, object?>("divisor",
            value => value is 0L or 0.0 ? throw new ArithmeticException(DivisionByZero) : value, isDeterministic: true);
        connection.CreateFunction<string?, string?, string?>(
            "concat_texts", (first, second) => first is null || second is null ? null : first + second, isDeterministic: true);
        connection.CreateFunction<int, int, int, int, int, double, string, DateTime>("make_time", MakeTime, isDeterministic: true);
        connection.CreateFunction<object?, object?>("as_is", value => value, isDeterministic: true);
        connection.CreateFunction<int, int, int, DateOnly>("make_day", MakeDay, isDeterministic: true);
        connection.CreateFunction<long?, long>("boolean_rank", value => value ?? NoRank, isDeterministic: true);
    }

    /// <summary>Whether an SQLite error is about a value out of range.</summary>
    internal static bool IsOutOfRange(SqliteException error) =>
        error.Message.Contains(Overflow, StringComparison.Ordinal) || error.Message.Contains(DivisionByZero, StringComparison.Ordinal)
        // The message of EF's decimal functions for an infinite number.
        || error.Message.Contains("was not in a correct format", StringComparison.Ordinal);

    // SQLite switches to floating point when an integer does not fit into 64 bits.
    private static object? Fitting(object? value, long least, long most) => value switch
    {
        long number when number < least || number > most => throw new OverflowException(Overflow),
        double => throw new OverflowException(Overflow),
        _ => value,
    };

    // Goes by the digits: a direct conversion gives a different number in one of three hundred cases.
    private static double Double(decimal number) =>
        double.Parse(number.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static decimal Decimal(double number)
    {
        try
        {
            return decimal.Parse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            throw new OverflowException(Overflow);
        }
    }

    // In the provider's format for times of day, so that the texts compare.
    private static string TimeText(TimeOnly time) =>
        time.ToString(time.Ticks % TimeSpan.TicksPerSecond == 0 ? "HH:mm:ss" : "HH:mm:ss.fffffff", CultureInfo.InvariantCulture);

    private static InvalidOperationException OnlyInQueries() => new("This is for queries only.");
}
