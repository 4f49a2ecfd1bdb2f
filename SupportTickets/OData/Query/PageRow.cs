namespace SupportTickets.OData.Query;

/// <summary>A row with the data that the next page needs.</summary>
internal sealed class PageRow
{
    /// <summary>
    /// An entity, whole or with some of its properties, the library's wrapper of another selection, or the values of a row of $apply.
    /// </summary>
    public object Item { get; init; } = null!;

    /// <summary>The sort keys; null where rows have none.</summary>
    public object?[]? Keys { get; init; }

    /// <summary>The number of its part of the query; only <c>concat</c> makes more than one part.</summary>
    public int Part { get; set; }

    /// <summary>Its number within its part, counted from 1; null when rows are not counted.</summary>
    public int? Position { get; set; }
}
