using System.Linq.Expressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace SupportTickets.Data;

/// <summary>
/// Floating-point arithmetic with equal results on both databases. Overflow throws, and so does underflow of a product or quotient:
/// PostgreSQL does so by itself, SQLite would go on. NaN becomes null, because SQLite has no NaN. A null argument gives null.
/// </summary>
public static class FloatFunctions
{
    private const string NaN = "'NaN'::float8", Infinity = "'Infinity'::float8";

    /// <summary>The sum.</summary>
    public static double? Sum(double? left, double? right) => throw OnlyInQueries();

    /// <summary>The difference.</summary>
    public static double? Difference(double? left, double? right) => throw OnlyInQueries();

    /// <summary>The product.</summary>
    public static double? Product(double? left, double? right) => throw OnlyInQueries();

    /// <summary>The quotient of a division by a number other than 0.</summary>
    public static double? Ratio(double? left, double? right) => throw OnlyInQueries();

    /// <summary>The quotient; division by 0 gives <see cref="OverZero"/>.</summary>
    public static double? Quotient(double? left, double? right) => throw OnlyInQueries();

    /// <summary>The quotient of a division by 0: infinity with the sign of the number, and null for 0.</summary>
    public static double? OverZero(double? value) => throw OnlyInQueries();

    internal static void MapSqlite(ModelBuilder model)
    {
        Map(() => Sum(null, null), "float_sum");
        Map(() => Difference(null, null), "float_difference");
        Map(() => Product(null, null), "float_product");
        Map(() => Ratio(null, null), "float_quotient");
        Map(() => Quotient(null, null), "float_quotient");
        Map(() => OverZero(null), "over_zero");

        void Map(Expression<Func<double?>> function, string name) => model.HasDbFunction(function).HasName(name);
    }

    internal static void MapPostgres(ModelBuilder model)
    {
        Map(() => Sum(null, null), of => Number(Binary(ExpressionType.Add, of[0], of[1])));
        Map(() => Difference(null, null), of => Number(Binary(ExpressionType.Subtract, of[0], of[1])));
        Map(() => Product(null, null), of => Number(Binary(ExpressionType.Multiply, of[0], of[1])));
        Map(() => Ratio(null, null), of => Number(Binary(ExpressionType.Divide, of[0], of[1])));
        Map(() => OverZero(null), of => Number(Infinite(of[0])));
        // The divisor is added to the infinity, so that a null divisor gives null; otherwise the divisor is 0 here.
        Map(() => Quotient(null, null), of => Number(Call(
            "coalesce",
            Binary(ExpressionType.Divide, of[0], Call("nullif", of[1], new SqlFragmentExpression("0"))),
            Binary(ExpressionType.Add, Infinite(of[0]), of[1]))));

        void Map(Expression<Func<double?>> function, Func<IReadOnlyList<SqlExpression>, SqlExpression> translation) =>
            model.HasDbFunction(function).HasTranslation(translation);

        static SqlExpression Number(SqlExpression value) => Call("nullif", value, new SqlFragmentExpression(NaN));

        static SqlExpression Infinite(SqlExpression value) =>
            Binary(ExpressionType.Multiply, Call("sign", value), new SqlFragmentExpression(Infinity));

        static SqlExpression Binary(ExpressionType type, SqlExpression left, SqlExpression right) =>
            new SqlBinaryExpression(type, left, right, typeof(double), left.TypeMapping ?? right.TypeMapping);

        static SqlExpression Call(string name, params SqlExpression[] arguments) =>
            new SqlFunctionExpression(
                name, arguments, nullable: true, arguments.Select(_ => false), typeof(double), arguments[0].TypeMapping);
    }

    /// <summary>Registers the functions with an SQLite connection.</summary>
    internal static void Register(SqliteConnection connection)
    {
        Binary("float_sum", (left, right) => Finite(left + right, left, right));
        Binary("float_difference", (left, right) => Finite(left - right, left, right));
        Binary("float_product", (left, right) => NotLost(Finite(left * right, left, right), left, right == 0));
        Binary("float_quotient", (left, right) => right == 0
            ? OfZero(left)
            : NotLost(Finite(left / right, left, 0), left, right is { } divisor && double.IsInfinity(divisor)));
        connection.CreateFunction<double?, double?>("over_zero", OfZero, isDeterministic: true);

        void Binary(string name, Func<double?, double?, double?> function) =>
            connection.CreateFunction(name, function, isDeterministic: true);
    }

    private static double? OfZero(double? value) => value switch
    {
        > 0 => double.PositiveInfinity,
        < 0 => double.NegativeInfinity,
        _ => null,
    };

    private static double? Finite(double? result, double? left, double? right) => result switch
    {
        double.NaN => null,
        { } number when double.IsInfinity(number) && double.IsFinite(left!.Value) && double.IsFinite(right!.Value) =>
            throw new OverflowException(QueryFunctions.Overflow),
        _ => result,
    };

    private static double? NotLost(double? result, double? left, bool mayBeZero) =>
        result == 0 && left != 0 && !mayBeZero ? throw new OverflowException(QueryFunctions.Overflow) : result;

    private static InvalidOperationException OnlyInQueries() => new("This is for queries only.");
}
