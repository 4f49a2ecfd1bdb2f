using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.OData;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Answers.Straight;

/// <summary>
/// Decides which rows are written without the library: entities whole or with a plain $select, and the rows of $apply. The library
/// writes all others, and always what stands around the rows.
/// </summary>
internal static class StraightRows
{
    /// <summary>A writer for the rows of a page; null when the library has to write them.</summary>
    public static IRowWriter? Of(FeedRequest request, FeedQuery query, OpenAnswer answer) => query.GivesEntities
        ? Entities(request, query, answer)
        : IsOff(request, answer) ? null : GroupRows.Of(query, request.FeedSet, request.Set.EntityType, Format(request, answer));

    /// <summary>A writer for the entities of a query, or for whole entities without one; null when the library has to write them.</summary>
    public static EntityRows? Entities(FeedRequest request, FeedQuery? query, OpenAnswer answer)
    {
        if (IsOff(request, answer) || query?.Computed.Any() == true)
            return null;
        var (set, type) = (request.FeedSet, request.Set.EntityType);
        if (PlainSelection.Of(query?.SelectExpand, type, set.Entity) is not { } selected)
            return null;
        return EntityRows.Of(set, selected, Format(request, answer));
    }

    // With full metadata every row has links, which the library computes.
    private static bool IsOff(FeedRequest request, OpenAnswer answer) =>
        answer.Level == ODataMetadataLevel.Full || LibraryWrites.Everything(request);

    private static RowFormat Format(FeedRequest request, OpenAnswer answer) => new(
        answer.Level != ODataMetadataLevel.None, request.Version != ODataVersion.V4, answer.WholeAsText, request.Preferences.OmitsNulls);
}
