using System.Globalization;
using System.Linq.Expressions;
using System.Text;
using SupportTickets.Data;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Binding;

/// <summary>
/// Functions of text (OData URL Conventions 4.01, 5.1.1.5 to 5.1.1.7). Characters are code points, as in both databases. Calls with
/// only literals are computed here, because EF would count UTF-16 units.
/// </summary>
internal static class TextFunctions
{
    /// <summary>
    /// <c>startswith</c> and <c>endswith</c>. EF uses LIKE on SQLite, which ignores ASCII case: that finds candidates, and a
    /// comparison of the part makes it exact.
    /// </summary>
    public static Expression? Affix(string name, IReadOnlyList<Expression> arguments)
    {
        if (arguments is not [var text, var part] || text.Type != typeof(string) || part.Type != typeof(string))
            return null;
        var atStart = name == "startswith";
        if (Constants.Value(text) is string whole && Constants.Value(part) is string wanted)
            return Parameter.Of(
                atStart ? whole.StartsWith(wanted, StringComparison.Ordinal) : whole.EndsWith(wanted, StringComparison.Ordinal));
        var candidate = Expression.Call(text, atStart ? nameof(string.StartsWith) : nameof(string.EndsWith), null, part);
        var length = LengthOf(part);
        var same = atStart
            ? Expression.Call(text, nameof(string.Substring), null, Expression.Constant(0), length)
            : Expression.Call(text, nameof(string.Substring), null, Expression.Subtract(LengthOf(text), length));
        return Expression.AndAlso(candidate, Expression.Equal(same, part));
    }

    /// <summary><c>tolower</c> and <c>toupper</c>, not only for ASCII.</summary>
    public static Expression? Case(string name, Expression text) =>
        text.Type != typeof(string)
            ? null
            : Expression.Call(
                typeof(QueryFunctions), name == "tolower" ? nameof(QueryFunctions.Lower) : nameof(QueryFunctions.Upper), null, text);

    /// <summary><c>trim</c>, for all Unicode white space.</summary>
    public static Expression? Trim(Expression text) => text.Type != typeof(string) ? null
        : Constants.Value(text) is string literal ? Parameter.Of(literal.Trim())
        : Expression.Call(typeof(QueryFunctions), nameof(QueryFunctions.Trim), null, text);

    /// <summary><c>concat</c>.</summary>
    public static Expression? Concat(Expression first, Expression second) =>
        first.Type != typeof(string) || second.Type != typeof(string) ? null
        : Constants.Value(first) is string before && Constants.Value(second) is string after ? Parameter.Of(before + after)
        : Expression.Call(typeof(QueryFunctions), nameof(QueryFunctions.Concat), null, first, second);

    /// <summary><c>length</c>.</summary>
    public static Expression? Length(Expression text) =>
        Constants.Value(text) is string literal ? Parameter.Of(Runes(literal).Length) : null;

    /// <summary><c>indexof</c>: -1 where the text does not contain the part.</summary>
    public static Expression? IndexOf(Expression text, Expression part) =>
        Constants.Value(text) is string whole && Constants.Value(part) is string wanted
        ? Parameter.Of(whole.IndexOf(wanted, StringComparison.Ordinal) is >= 0 and var at ? Runes(whole[..at]).Length : -1)
        : null;

    /// <summary>
    /// <c>substring</c> from a position, for a length; empty after the end. Databases differ for positions before the start, so
    /// these are refused or moved to it.
    /// </summary>
    public static Expression? Substring(IReadOnlyList<Expression> arguments)
    {
        var text = arguments[0];
        if (text.Type != typeof(string) || arguments.Skip(1).Any(number => !Numbers.IsInteger(number.Type)))
            return null;
        var numbers = arguments.Skip(1).Select(NotNegative).ToList();
        if (Constants.Value(text) is string literal && numbers.All(number => Constants.Value(number) is int))
        {
            var rest = Runes(literal).Skip((int)Constants.Value(numbers[0])!);
            return Parameter.Of(string.Concat(numbers.Count == 1 ? rest : rest.Take((int)Constants.Value(numbers[1])!)));
        }
        return Expression.Call(text, nameof(string.Substring), null, [.. numbers]);
    }

    private static Expression LengthOf(Expression text) => Length(text) ?? Expression.Property(text, nameof(string.Length));

    private static Expression NotNegative(Expression number)
    {
        if (Constants.Value(number) is { } value)
        {
            var whole = Convert.ToInt64(value, CultureInfo.InvariantCulture);
            return whole >= 0
                ? Parameter.Of((int)Math.Min(whole, int.MaxValue))
                : throw new FeedException(FeedError.BadQuery("substring takes a position and a length from 0 up."));
        }
        number = number.Type == typeof(int) ? number : Expression.Convert(number, typeof(int));
        return Expression.Call(typeof(Math), nameof(Math.Max), null, number, Expression.Constant(0));
    }

    private static Rune[] Runes(string text) => [.. text.EnumerateRunes()];
}
