using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.OData;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Answers.Straight;

/// <summary>
/// Decides which rows are written without the library: entities whole or with a plain selection (<see cref="PlainSelection"/>), and
/// the rows of $apply. The library writes all others, and always what stands around the rows.
/// </summary>
internal static class StraightRows
{
    /// <summary>A writer for the rows of a page; null when the library has to write them.</summary>
    /// <param name="request">The request.</param>
    /// <param name="query">The query.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="library">Writes an entity with the library.</param>
    public static async Task<IRowWriter?> OfAsync(
        FeedRequest request, FeedQuery query, OpenAnswer answer, Func<object, ODataWriter, Task> library)
    {
        var rows = await ChooseAsync(request, query, answer, library);
        if (rows is not null) RowWriting.NoteStraight(request);
        return rows;
    }

    /// <summary>A writer for an entity; null when the library has to write it. With full metadata that is no more work.</summary>
    public static EntityRows? Entity(FeedRequest request, FeedQuery? query, OpenAnswer answer)
    {
        if (answer.Level == ODataMetadataLevel.Full || Selection(request, query) is not { } selection)
            return null;
        var row = EntityRows.Of(request.FeedSet, selection, Format(request, answer));
        if (row is not null) RowWriting.NoteStraight(request);
        return row;
    }

    private static async Task<IRowWriter?> ChooseAsync(
        FeedRequest request, FeedQuery query, OpenAnswer answer, Func<object, ODataWriter, Task> library)
    {
        var (set, type) = (request.FeedSet, request.Set.EntityType);
        if (!query.GivesEntities)
            return RowWriting.ByLibrary(request) ? null : GroupRows.Of(query, set, type, Format(request, answer));
        if (Selection(request, query) is not { } selection)
            return null;
        if (answer.Level != ODataMetadataLevel.Full)
            return EntityRows.Of(set, selection, Format(request, answer));
        if (selection.Related.Count > 0)
            return null;
        var sample = await FullSample.WriteAsync(request, answer.Settings, writer => library(FullRows.Sample(set, type), writer));
        return FullRows.Of(set, selection, sample, Format(request, answer));
    }

    private static PlainSelection? Selection(FeedRequest request, FeedQuery? query) =>
        RowWriting.ByLibrary(request) || query?.Computed.Any() == true
            ? null : PlainSelection.Of(query?.SelectExpand, request.Set.EntityType);

    private static RowFormat Format(FeedRequest request, OpenAnswer answer) => new(
        answer.Level != ODataMetadataLevel.None, request.Version != ODataVersion.V4, answer.LongsAsText, request.Preferences.OmitsNulls);
}
