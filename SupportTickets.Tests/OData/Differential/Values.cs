using System.Globalization;
using System.Text;

namespace SupportTickets.Tests.OData.Differential;

/// <summary>A value that the standard does not define, such as a whole number that is too large: a query that meets it may fail.</summary>
internal sealed class NotComputableException(string message) : Exception(message);

/// <summary>How values compare (OData URL Conventions 4.01, 5.1.1.1).</summary>
internal static class Values
{
    /// <summary>Sorts null below all else.</summary>
    public static readonly IComparer<object?> Order = Comparer<object?>.Create(Compare);

    /// <summary>As <c>eq</c>, for sets.</summary>
    public static readonly IEqualityComparer<object?> Equality = EqualityComparer<object?>.Create(Same, value => value?.GetHashCode() ?? 0);

    /// <summary>As <c>eq</c>: null is equal to null alone.</summary>
    public static bool Same(object? left, object? right) => Compare(left, right) == 0;

    /// <summary>Null first, false before true, texts by their code points, members of enumerations as they are declared.</summary>
    public static int Compare(object? left, object? right) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        (double, _) or (_, double) => Number(left).CompareTo(Number(right)),
        (DateOnly day, DateTime time) => day.ToDateTime(TimeOnly.MinValue).CompareTo(time), // a day is the time at which it begins
        (DateTime time, DateOnly day) => time.CompareTo(day.ToDateTime(TimeOnly.MinValue)),
        _ => ((IComparable)left).CompareTo(right),
    };

    /// <summary>A number with a fraction.</summary>
    public static double Number(object? value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);
}
