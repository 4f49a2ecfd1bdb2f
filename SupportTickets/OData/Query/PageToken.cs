using System.Text.Json;
using System.Text.Json.Serialization;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.OData.Query;

/// <summary>
/// Where the next page starts: after the last row by its sort keys or, where rows have no key, by their number. Opaque to callers.
/// A forged token can only move the cursor of its own sender.
/// </summary>
internal sealed record PageToken
{
    /// <summary>Identifies the query, so that a token of another one is refused.</summary>
    [JsonPropertyName("q")]
    public required string Query { get; init; }

    /// <summary>How many rows of $top are left.</summary>
    [JsonPropertyName("t")]
    public int? Left { get; init; }

    /// <summary>The $count of the first page, so that rows are counted only once.</summary>
    [JsonPropertyName("c")]
    public long? Count { get; init; }

    /// <summary>The sort keys of the last row, with long texts as a <see cref="CutText"/>.</summary>
    [JsonPropertyName("k")]
    public JsonElement[]? Keys { get; init; }

    /// <summary>
    /// The number of rows before the next page, where there are no keys. Set for groups always, because the keys of a later group
    /// may be too long.
    /// </summary>
    [JsonPropertyName("s")]
    public int? Skip { get; init; }

    /// <summary>The change mark from before the first page, when changes are tracked.</summary>
    [JsonPropertyName("m")]
    public ChangeMark? Mark { get; init; }

    /// <summary>The value of now(), when the query uses it.</summary>
    [JsonPropertyName("n")]
    public DateTime? Now { get; init; }

    /// <summary>The number of the part, where a query has several; null is the first.</summary>
    [JsonPropertyName("p")]
    public int? Part { get; init; }

    /// <summary>The error for a token that this server did not write for this query.</summary>
    public static FeedException NotOfThisQuery =>
        new(FeedError.BadQuery("This $skiptoken does not belong to this query: take the nextLink as it was given.", "$skiptoken"));

    /// <summary>
    /// The value for $skiptoken, of limited length: the longer the rest of the URL, the shorter the texts in the token.
    /// </summary>
    /// <param name="tokens">The encoding.</param>
    /// <param name="keys">The sort keys of the last row; null where rows have no keys.</param>
    /// <param name="room">The characters that are left of <see cref="OpaqueTokens.MaxLink"/>.</param>
    /// <param name="canCut">Whether the whole text of a row can be looked up later. If not, the row's number replaces keys that are
    /// too long.</param>
    public string Encode(OpaqueTokens tokens, object?[]? keys, int room, bool canCut)
    {
        if (keys is null)
            return tokens.Encode(this);
        if (!canCut)
            return tokens.EncodeFitting([this with { Keys = [.. keys.Select(Element)] }, this], room);
        var shorter = CodePoints.Select(most => this with { Keys = [.. keys.Select(key => Element(CutText.Of(key, most)))] });
        return tokens.EncodeFitting(shorter.Concat(shorter.TakeLast(1).Select(token => token with { Mark = Mark?.Coarsened() })), room);

        static JsonElement Element(object? value) => JsonSerializer.SerializeToElement(value, OpaqueTokens.Json);
    }

    // The code points of each text in the token: first the length of the longest title, then fewer.
    private static readonly int[] CodePoints = [Ticket.MaxTitleLength, 100, 50, 25, 0];

    /// <summary>Reads a token; throws when this server did not write it for this query.</summary>
    public static PageToken Decode(OpaqueTokens tokens, string text, string query) =>
        tokens.Decode<PageToken>(text) is { Left: null or >= 0, Skip: null or >= 0, Part: null or > 0 } token && token.Query == query
            && token.Mark != ChangeMark.Unreadable
            ? token
            : throw NotOfThisQuery;

    /// <summary>
    /// Identifies the query of a token: the resource and every option that decides which rows there are, and their order.
    /// </summary>
    public static string QueryOf(FeedRequest request) => OpaqueTokens.Fingerprint(
        [request.PathText, .. from name in Deciding select (string?)request.Options[name]]);

    private static readonly string[] Deciding = ["$filter", "$orderby", "$apply", "$compute", "$search"];
}
