using System.Globalization;
using System.Text;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData.Differential;

/// <summary>An operator or a function: how it is written, what it takes and gives, and what it means.</summary>
/// <param name="Format">With a place for each argument.</param>
/// <param name="Gives">The type of its values.</param>
/// <param name="Takes">The types of its arguments.</param>
/// <param name="Compute">Its value; null is null.</param>
internal sealed record Operator(string Format, Type Gives, Type[] Takes, Func<object?[], object?> Compute);

/// <summary>In the place of a type: a position in a text, a whole number from 0 up.</summary>
internal sealed class Position;

/// <summary>In the place of a type: a number to divide by, not 0.</summary>
internal sealed class Divisor;

/// <summary>
/// The operators and functions of the standard (OData URL Conventions 4.01, 5.1.1) that the feed offers, with their meaning.
/// </summary>
internal static class Operators
{
    private static readonly Type Boolean = typeof(bool), Whole = typeof(long), Fraction = typeof(double), Text = typeof(string);
    private static readonly Type Time = typeof(DateTime), Day = typeof(DateOnly), TimeOfDay = typeof(TimeOnly);

    /// <summary>The enumerations of the model.</summary>
    public static readonly Type[] Enums =
        [typeof(Category), typeof(Priority), typeof(Status), typeof(Sentiment), typeof(Channel), typeof(TicketField)];

    private static readonly Type[] Comparable = [Boolean, Whole, Fraction, Text, Time, Day, TimeOfDay, .. Enums];

    /// <summary>All of them, by what they give.</summary>
    public static readonly ILookup<Type, Operator> All = Logic()
        .Concat(Comparisons())
        .Concat(Arithmetic())
        .Concat(OfText())
        .Concat(OfTime())
        .Concat(Casts())
        .Concat(Cases())
        .ToLookup(op => op.Gives);

    private static IEnumerable<Operator> Logic() =>
    [
        new("({0} and {1})", Boolean, [Boolean, Boolean], a => a.Contains(false) ? false : a.Contains(null) ? null : true),
        new("({0} or {1})", Boolean, [Boolean, Boolean], a => a.Contains(true) ? true : a.Contains(null) ? null : false),
        new("not ({0})", Boolean, [Boolean], a => a[0] is bool value ? !value : null),
    ];

    private static IEnumerable<Operator> Comparisons()
    {
        var pairs = Comparable.Select(type => (type, type)).Concat([(Whole, Fraction), (Fraction, Whole), (Day, Time), (Time, Day)]);
        return pairs.SelectMany(pair => new[]
        {
            Comparison("eq", Values.Same), Comparison("ne", (a, b) => !Values.Same(a, b)),
            Comparison("gt", (a, b) => Both(a, b) && Values.Compare(a, b) > 0),
            Comparison("lt", (a, b) => Both(a, b) && Values.Compare(a, b) < 0),
            Comparison("ge", (a, b) => Both(a, b) ? Values.Compare(a, b) >= 0 : Values.Same(a, b)),
            Comparison("le", (a, b) => Both(a, b) ? Values.Compare(a, b) <= 0 : Values.Same(a, b)),
        }.Select(comparison => comparison with { Takes = [pair.Item1, pair.Item2] }));

        static bool Both(object? a, object? b) => a is not null && b is not null;
        static Operator Comparison(string name, Func<object?, object?, bool> holds) =>
            new($"({{0}} {name} {{1}})", Boolean, [], a => holds(a[0], a[1]));
    }

    private static IEnumerable<Operator> Arithmetic() =>
    [
        OfWhole("({0} add {1})", [Whole, Whole], a => a[0] + a[1]),
        OfWhole("({0} sub {1})", [Whole, Whole], a => a[0] - a[1]),
        OfWhole("({0} mul {1})", [Whole, Whole], a => a[0] * a[1]),
        OfWhole("({0} div {1})", [Whole, typeof(Divisor)], a => a[0] / a[1]),
        OfWhole("({0} mod {1})", [Whole, typeof(Divisor)], a => a[0] % a[1]),
        OfWhole("-({0})", [Whole], a => -a[0]),
        OfFraction("({0} add {1})", [Fraction, Fraction], a => a[0] + a[1]),
        OfFraction("({0} sub {1})", [Fraction, Whole], a => a[0] - a[1]),
        OfFraction("({0} mul {1})", [Whole, Fraction], a => a[0] * a[1]),
        OfFraction("({0} div {1})", [Fraction, typeof(Divisor)], a => a[0] / a[1]),
        OfFraction("({0} divby {1})", [Whole, typeof(Divisor)], a => a[0] / a[1]),
        OfFraction("({0} mod {1})", [Fraction, typeof(Divisor)], a => Remainder(a[0], a[1])),
        OfFraction("-({0})", [Fraction], a => -a[0]),
        OfFraction("round({0})", [Fraction], a => Rounded(a[0])),
        OfFraction("floor({0})", [Fraction], a => Math.Floor(a[0])),
        OfFraction("ceiling({0})", [Fraction], a => Math.Ceiling(a[0])),
    ];

    // Of the decimal numbers that they are written as.
    private static double Remainder(double left, double right) => (double)(Written(left) % Written(right));

    private static decimal Written(double number) =>
        decimal.Parse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static IEnumerable<Operator> OfText() =>
    [
        Function("contains", Boolean, [Text, Text], a => T(a[0]).Contains(T(a[1]), StringComparison.Ordinal)),
        Function("startswith", Boolean, [Text, Text], a => T(a[0]).StartsWith(T(a[1]), StringComparison.Ordinal)),
        Function("endswith", Boolean, [Text, Text], a => T(a[0]).EndsWith(T(a[1]), StringComparison.Ordinal)),
        Function("length", Whole, [Text], a => (long)Runes(a[0]).Length),
        Function("indexof", Whole, [Text, Text], a => IndexOf(T(a[0]), T(a[1]))),
        Function("tolower", Text, [Text], a => T(a[0]).ToLowerInvariant()),
        Function("toupper", Text, [Text], a => T(a[0]).ToUpperInvariant()),
        Function("trim", Text, [Text], a => T(a[0]).Trim(' ', '\t', '\r', '\n')),
        Function("concat", Text, [Text, Text], a => T(a[0]) + T(a[1])),
        Function("substring", Text, [Text, typeof(Position)], a => string.Concat(Runes(a[0]).Skip(I(a[1])))),
        Function(
            "substring", Text, [Text, typeof(Position), typeof(Position)],
            a => string.Concat(Runes(a[0]).Skip(I(a[1])).Take(I(a[2])))),
    ];

    private static IEnumerable<Operator> OfTime() =>
    [
        Function("year", Whole, [Time], a => (long)D(a[0]).Year), Function("month", Whole, [Time], a => (long)D(a[0]).Month),
        Function("day", Whole, [Time], a => (long)D(a[0]).Day), Function("hour", Whole, [Time], a => (long)D(a[0]).Hour),
        Function("minute", Whole, [Time], a => (long)D(a[0]).Minute), Function("second", Whole, [Time], a => (long)D(a[0]).Second),
        Function("totaloffsetminutes", Whole, [Time], _ => 0L),
        Function("year", Whole, [Day], a => (long)((DateOnly)a[0]).Year),
        Function("month", Whole, [Day], a => (long)((DateOnly)a[0]).Month),
        Function("day", Whole, [Day], a => (long)((DateOnly)a[0]).Day),
        Function("hour", Whole, [TimeOfDay], a => (long)((TimeOnly)a[0]).Hour),
        Function("minute", Whole, [TimeOfDay], a => (long)((TimeOnly)a[0]).Minute),
        Function("second", Whole, [TimeOfDay], a => (long)((TimeOnly)a[0]).Second),
        Function("fractionalseconds", Fraction, [Time], a => D(a[0]).Ticks % TimeSpan.TicksPerSecond / 1e7),
        Function("date", Day, [Time], a => DateOnly.FromDateTime(D(a[0]))),
        Function("time", TimeOfDay, [Time], a => TimeOnly.FromDateTime(D(a[0]))),
        new("totalseconds({0} sub {1})", Fraction, [Time, Time], OfPresent(a => (D(a[0]) - D(a[1])).TotalSeconds)),
    ];

    private static IEnumerable<Operator> Casts() =>
    [
        new("cast({0},Edm.Double)", Fraction, [Whole], OfPresent(a => Values.Number(a[0]))),
        new("cast({0},Edm.Int64)", Whole, [Whole], a => a[0]),
        new("cast({0},Edm.Int32)", Whole, [Fraction], OfPresent(a => Fitting(Rounded(Values.Number(a[0]))))),
        new("cast({0},Edm.String)", Text, [Whole], OfPresent(a => ((long)a[0]).ToString(CultureInfo.InvariantCulture))),
        .. Enums.Select(type => new Operator("cast({0},Edm.String)", Text, [type], OfPresent(a => a[0].ToString()))),
    ];

    // The only function that looks at its arguments one by one.
    private static IEnumerable<Operator> Cases() => Comparable.Where(type => type != TimeOfDay)
        .Select(type => new Operator("case({0}:{1},true:{2})", type, [Boolean, type, type], a => a[0] is true ? a[1] : a[2]));

    private static Operator Function(string name, Type gives, Type[] takes, Func<object[], object?> compute) =>
        new($"{name}({string.Join(',', takes.Select((_, i) => $"{{{i}}}"))})", gives, takes, OfPresent(compute));

    private static Operator OfWhole(string format, Type[] takes, Func<decimal[], decimal> compute) =>
        new(format, Whole, takes, OfPresent(a => Fitting((double)decimal.Truncate(compute([.. a.Select(value => (decimal)(long)value)])))));

    private static Operator OfFraction(string format, Type[] takes, Func<double[], double> compute) =>
        new(format, Fraction, takes, OfPresent(a => compute([.. a.Select(value => Values.Number(value))])));

    // A parameter that is null makes null of every function and of all arithmetic (5.1.1.2, 5.1.1.4).
    private static Func<object?[], object?> OfPresent(Func<object[], object?> compute) => a => a.Contains(null) ? null : compute(a!);

    // What does not fit into 32 bits may fail.
    private static long Fitting(double value) =>
        value is >= int.MinValue and <= int.MaxValue ? (long)value : throw new NotComputableException("integer overflow");

    private static double Rounded(double value) => Math.Round(value, MidpointRounding.AwayFromZero);

    private static long IndexOf(string text, string part) =>
        text.IndexOf(part, StringComparison.Ordinal) is >= 0 and var at ? Runes(text[..at]).Length : -1;

    private static int I(object value) => (int)(long)value;

    private static string T(object value) => (string)value;

    private static DateTime D(object value) => (DateTime)value;

    private static Rune[] Runes(object text) => [.. T(text).EnumerateRunes()];
}
