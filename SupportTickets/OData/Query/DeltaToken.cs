using System.Text.Json.Serialization;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.OData.Query;

/// <summary>
/// The start of the requested changes and, on a later page, the position within them. Opaque to callers. A forged token can only
/// choose where the changes of its own sender begin.
/// </summary>
internal sealed record DeltaToken
{
    /// <summary>Identifies the query, so that the changes to one copy are not applied to another.</summary>
    [JsonPropertyName("q")]
    public required string Query { get; init; }

    /// <summary>The change mark from before the copy was read.</summary>
    [JsonPropertyName("s")]
    public required ChangeMark Since { get; init; }

    /// <summary>On a later page: the change mark from before the first page of changes.</summary>
    [JsonPropertyName("u")]
    public ChangeMark? Until { get; init; }

    /// <summary>On a later page: the last row on the page before.</summary>
    [JsonPropertyName("a")]
    public int After { get; init; }

    /// <summary>On a later page: whether all rows were given and only removed ones are left.</summary>
    [JsonPropertyName("r")]
    public bool IsInRemoved { get; init; }

    /// <summary>Whether another desk wrote it, or the key of its marks is lost.</summary>
    [JsonIgnore]
    public bool IsForeign => Since == ChangeMark.Unreadable || Until == ChangeMark.Unreadable;

    /// <summary>A token for the changes after a mark.</summary>
    public static DeltaToken From(ChangeMark mark, FeedRequest request) => new() { Query = QueryOf(request), Since = mark };

    /// <summary>The value for $deltatoken, of limited length. If it does not fit, it starts from an earlier point.</summary>
    public string Encode(OpaqueTokens tokens, int room) =>
        tokens.EncodeFitting(
            [this, this with { Since = Since.Coarsened() }, this with { Since = Since.Coarsened(), Until = Until?.Coarsened() }], room);

    /// <summary>Reads a token; throws when this server did not write it for this query.</summary>
    public static DeltaToken Decode(string text, FeedRequest request) =>
        request.Tokens.Decode<DeltaToken>(text) is { } token && token.Query == QueryOf(request)
            && (token.IsForeign || (IsMark(token.Since) && (token.Until is null || IsMark(token.Until))))
            ? token
            : throw new FeedException(FeedError.BadQuery(
                "This $deltatoken does not belong to this query: take the deltaLink or nextLink as it was given.", "$deltatoken"));

    private static bool IsMark(ChangeMark? mark) =>
        mark is { Event: >= 0, Deletion: >= 0, CommentDeletion: >= 0, Next: >= 0, Running.Count: <= ChangeMark.MaxRunning }
        && mark.Running.All(id => id > 0);

    // All options that decide which rows and properties a copy has.
    private static string QueryOf(FeedRequest request)
    {
        var path = request.PathText.TrimEnd('/');
        return OpaqueTokens.Fingerprint([
            path.EndsWith("/$count", StringComparison.Ordinal) ? path[..^"/$count".Length] : path,
            .. from name in Deciding select (string?)request.Options[name]]);
    }

    private static readonly string[] Deciding = ["$filter", "$search", "$compute", "$select", "$expand"];
}
