namespace SupportTickets.OData.Query;

/// <summary>A row with what the next page needs to know of it.</summary>
internal sealed class PageRow
{
    /// <summary>An entity, one of the library's wrappers of what was selected of it, or the values of a row of $apply.</summary>
    public object Item { get; init; } = null!;

    /// <summary>The sort keys; null where rows have none.</summary>
    public object?[]? Keys { get; init; }

    /// <summary>Of which part of the query; only <c>concat</c> has more than one.</summary>
    public int Part { get; set; }

    /// <summary>How many rows of its part are given up to this one; null when nobody counted.</summary>
    public int? Position { get; set; }
}
