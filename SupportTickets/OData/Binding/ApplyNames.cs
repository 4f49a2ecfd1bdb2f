using Microsoft.OData.Edm;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Binding;

/// <summary>Checks the names that $apply introduces.</summary>
internal static class ApplyNames
{
    /// <summary>
    /// Refuses a name that a property or another alias already has: an answer could show only one of them (Data Aggregation 4.0, 3.1.1).
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

    /// <summary>Whether a type has a property of this name, ignoring case as expressions do.</summary>
    public static bool IsProperty(IEdmStructuredType? type, string name) =>
        type?.Properties().Any(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) == true;
}
