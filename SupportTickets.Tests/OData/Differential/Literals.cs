using System.Globalization;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Differential;

/// <summary>Literals of each type, most of them values or parts of values of <see cref="SampleData"/>.</summary>
internal static class Literals
{
    private static readonly string[] Texts =
    [
        "", "a", " ", "%", "_", "\\", "'", "\"", "open", "resolved", "tester", "e", "é", "É", "日本", "😀", "🎫",
        "%_", "a%b_c", "Printer", "PRINTER", "ss", "ß", "x", "Ada", "2", "!",
    ];

    private static readonly Literal[] Positions = [.. new[] { 0L, 1, 2, 3, 5, 40, 5000 }.Select(Whole)];
    private static readonly Literal[] Divisors = [.. new[] { 2L, 3, 7, 10, -2, 1000 }.Select(Whole)];

    private static readonly Dictionary<Type, Literal[]> All = new()
    {
        [typeof(bool)] = [Of(typeof(bool), true, "true"), Of(typeof(bool), false, "false")],
        [typeof(long)] = [.. new[] { 0L, 1, 2, -1, 3, 5, 7, 10, 50, 59, 100, 1440, 2026 }.Select(Whole)],
        [typeof(double)] = [.. new[] { "0.5", "2.5", "-1.5", "0.1", "50.0", "1e3", "0.999999", "33.25" }.Select(Fraction)],
        [typeof(string)] = [.. Texts.Concat(SampleData.Titles.Take(12)).Select(Text)],
        [typeof(DateTime)] =
        [
            .. SampleData.Times.Select(Time),
            Of(typeof(DateTime), ManualClock.Monday.UtcDateTime, "now()"),
            Of(typeof(DateTime), DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc), "mindatetime()"),
            Of(typeof(DateTime), DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc).AddTicks(-9), "maxdatetime()"),
        ],
        [typeof(DateOnly)] =
        [
            .. SampleData.Times.Select(DateOnly.FromDateTime).Append(DateOnly.MinValue).Append(DateOnly.MaxValue).Select(Day),
        ],
        [typeof(TimeOnly)] = [.. SampleData.Times.Select(time => TimeOfDay(TimeOnly.FromDateTime(time)))],
        [typeof(Position)] = Positions,
        [typeof(Divisor)] = Divisors,
    };

    private static readonly Dictionary<Type, Literal[]> Listed;

    static Literals()
    {
        foreach (var type in Operators.Enums)
        {
            var members = Enum.GetValues(type).Cast<Enum>().ToList();
            All[type] =
            [
                .. members.Select(member => Of(type, member, $"SupportTickets.{type.Name}'{member}'")),
                .. members.Select(member => Of(type, member, $"SupportTickets.{type.Name}'{member:D}'")),
            ];
        }
        Listed = All.ToDictionary(pair => pair.Key, pair => pair.Value.Where(literal => !IsFunction(literal)).ToArray());
    }

    /// <summary>Those of a type.</summary>
    public static IReadOnlyList<Literal> OfType(Type type) => All[type];

    /// <summary>Those that may stand in a list, which takes no functions.</summary>
    public static IReadOnlyList<Literal> InLists(Type type) => Listed[type];

    /// <summary>The spelling without a type, for where the other side tells it.</summary>
    public static Literal Bare(Literal literal, bool byNumber) =>
        literal.Constant is not Enum member ? literal : literal with { Spelling = byNumber ? $"'{member:D}'" : $"'{member}'" };

    /// <summary>The plainest one or two, for what is made smaller.</summary>
    public static IEnumerable<Literal> Plain(Type type) => All[type].Take(2);

    /// <summary>Null in the place of a value.</summary>
    public static Literal Null(Type type) => Of(type, null, "null");

    private static bool IsFunction(Literal literal) => literal.Spelling.EndsWith("()", StringComparison.Ordinal);

    private static Literal Of(Type type, object? value, string text) => new(type, value, text);

    private static Literal Whole(long value) => Of(typeof(long), value, value.ToString(CultureInfo.InvariantCulture));

    private static Literal Fraction(string text) => Of(typeof(double), double.Parse(text, CultureInfo.InvariantCulture), text);

    private static Literal Text(string value) => Of(typeof(string), value, $"'{value.Replace("'", "''")}'");

    private static Literal Time(DateTime value) =>
        Of(typeof(DateTime), value, value.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));

    private static Literal Day(DateOnly value) => Of(typeof(DateOnly), value, value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private static Literal TimeOfDay(TimeOnly value) =>
        Of(typeof(TimeOnly), value, value.ToString("HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture));
}
