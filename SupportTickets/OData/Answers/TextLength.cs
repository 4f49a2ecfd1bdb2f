using System.Collections.Concurrent;
using System.Reflection;
using SupportTickets.OData.Apply;

namespace SupportTickets.OData.Answers;

/// <summary>Measures the text of a row before it is written.</summary>
internal static class TextLength
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Texts = new();

    /// <summary>The UTF-16 units of all texts in a row of $apply or in an entity.</summary>
    public static long Of(object row) => row is Cells cells
        ? cells.Values(Cells.Max).OfType<string>().Sum(text => (long)text.Length)
        : Texts.GetOrAdd(row.GetType(), TextsOf).Sum(text => (long)(((string?)text.GetValue(row))?.Length ?? 0));

    private static PropertyInfo[] TextsOf(Type type) =>
        [.. type.GetProperties().Where(property => property.PropertyType == typeof(string))];
}
