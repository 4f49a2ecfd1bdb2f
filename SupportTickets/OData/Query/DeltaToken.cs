using System.Text.Json.Serialization;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.OData.Query;

/// <summary>
/// From where changes are told, and on a later page how far they were. Opaque to callers; what one made up can only
/// choose where its own changes begin.
/// </summary>
internal sealed record DeltaToken
{
    /// <summary>Of which query, so that the changes to one copy are not taken into another.</summary>
    [JsonPropertyName("q")]
    public required string Query { get; init; }

    /// <summary>Where the changes stood before the copy was taken.</summary>
    [JsonPropertyName("s")]
    public required ChangeMark Since { get; init; }

    /// <summary>On a later page: where they stood before the first page of changes.</summary>
    [JsonPropertyName("u")]
    public ChangeMark? Until { get; init; }

    /// <summary>On a later page: the last ticket that was told of.</summary>
    [JsonPropertyName("a")]
    public int After { get; init; }

    /// <summary>On a later page: whether all rows were given, and what is left are removed ones.</summary>
    [JsonPropertyName("r")]
    public bool IsInRemoved { get; init; }

    /// <summary>The token to ask with for what comes after a mark.</summary>
    public static DeltaToken From(ChangeMark mark, FeedRequest request) => new() { Query = QueryOf(request), Since = mark };

    /// <summary>As in $deltatoken, not longer than some characters: what does not fit is told from further back.</summary>
    public string Encode(int room) =>
        OpaqueToken.EncodeFitting(
            [this, this with { Since = Since.Coarsened() }, this with { Since = Since.Coarsened(), Until = Until?.Coarsened() }], room);

    /// <summary>Reads one; fails on what this server did not write for this query.</summary>
    public static DeltaToken Decode(string text, FeedRequest request) =>
        OpaqueToken.Decode<DeltaToken>(text) is { } token && token.Query == QueryOf(request)
            && IsMark(token.Since) && (token.Until is null || IsMark(token.Until))
            ? token
            : throw new FeedException(FeedError.BadQuery(
                "This $deltatoken does not belong to this query: take the deltaLink or nextLink as it was given.", "$deltatoken"));

    private static bool IsMark(ChangeMark? mark) =>
        mark is { Event: >= 0, Deletion: >= 0, Next: >= 0, Running.Count: <= ChangeMark.MaxRunning } && mark.Running.All(id => id > 0);

    // All that decides which rows a copy has, and what of them.
    private static string QueryOf(FeedRequest request)
    {
        var path = request.PathText.TrimEnd('/');
        return OpaqueToken.Fingerprint([
            path.EndsWith("/$count", StringComparison.Ordinal) ? path[..^"/$count".Length] : path,
            .. from name in Deciding select (string?)request.Options[name]]);
    }

    private static readonly string[] Deciding = ["$filter", "$search", "$compute", "$select", "$expand"];
}
