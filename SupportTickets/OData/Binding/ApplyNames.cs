using Microsoft.OData.Edm;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Binding;

/// <summary>The names that $apply gives.</summary>
internal static class ApplyNames
{
    /// <summary>
    /// Refuses a name that a property or another name has already: an answer could show only one of them (Data Aggregation 4.0,
    /// 3.1.1).
    /// </summary>
    public static void Check(IEnumerable<string> aliases, IEnumerable<string> taken, IEdmEntityType entity)
    {
        var names = taken.Select(path => path.Split('/')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var alias in aliases)
        {
            if (IsProperty(entity, alias) || !names.Add(alias))
                throw new FeedException(FeedError.BadQuery($"The name {alias} is taken; choose another after 'as'.", "$apply"));
        }
    }

    /// <summary>Whether a type has a property of this name, in any case: an expression may name it so.</summary>
    public static bool IsProperty(IEdmStructuredType? type, string name) =>
        type?.Properties().Any(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) == true;
}
