namespace SupportTickets.OData.Sets;

/// <summary>
/// Counts of the rows of a set by some of their properties, kept by the database. Groups that need no other property are read from them
/// instead of from the rows.
/// </summary>
/// <param name="Rows">The counts. The number of a group is the sum over several of them, and may be 0.</param>
/// <param name="Count">The property with the number of rows, an Int32.</param>
/// <param name="Properties">The property that stands for each property of the set.</param>
/// <param name="Sums">The property with the sum, an Int64, of each property of the set of which there is one. These are never null.</param>
internal sealed record KeptCounts(
    IQueryable Rows, string Count, IReadOnlyDictionary<string, string> Properties, IReadOnlyDictionary<string, string> Sums);
