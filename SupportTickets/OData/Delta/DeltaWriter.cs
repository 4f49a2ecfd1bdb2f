using Microsoft.OData;
using SupportTickets.OData.Answers;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Delta;

/// <summary>The links of a page of changes.</summary>
/// <param name="Next">The link to the next page: after a key, and whether that is among the removed ones.</param>
/// <param name="Later">The link to the changes after these.</param>
internal sealed record DeltaLinks(Func<int, bool, Uri> Next, Func<Uri> Later);

/// <summary>
/// Writes changes (OData JSON Format 4.01, section 15) as whole rows and removed entities, in the format of the OData version.
/// </summary>
internal static class DeltaWriter
{
    /// <summary>Writes a page. The enumerator is already at the first row; null when there is none.</summary>
    public static Task WriteAsync(
        FeedRequest request, FeedQuery query, IAsyncEnumerator<PageRow>? rows, DeltaToken token, DeltaLinks links,
        Func<int, int, Task<List<Removed>>> removed, ILogger log)
    {
        request.Preferences.Applied(request.Http.Response, request.PageSize, isTracked: true);
        return FeedWriter.WriteAsync(request, query.Context.Select, ODataPayloadKind.ResourceSet, async answer =>
        {
            var writer = await answer.Messages.CreateODataDeltaResourceSetWriterAsync(request.Set, request.Set.EntityType);
            var changes = new ODataDeltaResourceSet();
            await writer.WriteStartAsync(changes);
            var (written, last) = rows is null ? (0, null) : await FeedWriter.WriteRowsAsync(request, query, rows, writer, answer);
            if (last is not null)
            {
                changes.NextPageLink = links.Next((int)last.Keys![^1]!, false);
            }
            else
            {
                if (rows is not null) await rows.DisposeAsync(); // PostgreSQL runs one statement at a time
                var after = token.IsInRemoved ? token.After : 0;
                var (end, more) = await WriteRemovedAsync(request, writer, after, query.Take - written, removed);
                if (more) changes.NextPageLink = links.Next(end, true);
                else changes.DeltaLink = links.Later();
            }
            await writer.WriteEndAsync();
        }, log);
    }

    private static async Task<(int End, bool More)> WriteRemovedAsync(
        FeedRequest request, ODataWriter writer, int after, int room, Func<int, int, Task<List<Removed>>> removed)
    {
        var found = await removed(after, room + 1); // one more than fits, to see whether another page follows
        foreach (var row in found.Take(room))
        {
            await writer.WriteStartAsync(
                new ODataDeletedResource(
                    new Uri(request.Root, $"{request.FeedSet.Name}({row.Key})"),
                    row.IsDeleted ? DeltaDeletedEntryReason.Deleted : DeltaDeletedEntryReason.Changed)
                {
                    Properties = [new ODataProperty { Name = request.FeedSet.Key, Value = row.Key }],
                });
            await writer.WriteEndAsync();
        }
        return (room > 0 && found.Count > 0 ? found[Math.Min(room, found.Count) - 1].Key : after, found.Count > room);
    }
}
