using System.Text.Json;
using System.Text.Json.Serialization;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.OData.Query;

/// <summary>
/// Where the next page starts: behind the last row by its sort keys, or, where rows have no key, by their number. Opaque
/// to callers; what one made up can only move its own cursor.
/// </summary>
internal sealed record PageToken
{
    /// <summary>Of which query, so that a token of another one is refused.</summary>
    [JsonPropertyName("q")]
    public required string Query { get; init; }

    /// <summary>Rows of $top that are still to come.</summary>
    [JsonPropertyName("t")]
    public int? Left { get; init; }

    /// <summary>The $count of the first page, so that a walk counts once.</summary>
    [JsonPropertyName("c")]
    public long? Count { get; init; }

    /// <summary>The sort keys of the last row; of a long text a <see cref="CutText"/>.</summary>
    [JsonPropertyName("k")]
    public JsonElement[]? Keys { get; init; }

    /// <summary>
    /// Rows before the next page, where there are no keys; of groups always, because the keys of a later one may be too long.
    /// </summary>
    [JsonPropertyName("s")]
    public int? Skip { get; init; }

    /// <summary>Where the changes stood before the first page, when they are tracked.</summary>
    [JsonPropertyName("m")]
    public ChangeMark? Mark { get; init; }

    /// <summary>What now() is, when the query has it.</summary>
    [JsonPropertyName("n")]
    public DateTime? Now { get; init; }

    /// <summary>Of which part, where a query has several; null is the first.</summary>
    [JsonPropertyName("p")]
    public int? Part { get; init; }

    /// <summary>What a token is answered with that this server did not write for the query at hand.</summary>
    public static FeedException NotOfThisQuery =>
        new(FeedError.BadQuery("This $skiptoken does not belong to this query: take the nextLink as it was given.", "$skiptoken"));

    /// <summary>
    /// As in $skiptoken, not longer than some characters: the longer the address is without it, the shorter are the texts in it.
    /// </summary>
    /// <param name="keys">The sort keys of the last row; null where rows have none.</param>
    /// <param name="room">The characters that are left of <see cref="OpaqueToken.MaxLink"/>.</param>
    /// <param name="canCut">Whether a text of a row can be looked up later; else the row's number stands for keys that are too
    /// long.</param>
    public string Encode(object?[]? keys, int room, bool canCut)
    {
        if (keys is null)
            return OpaqueToken.Encode(this);
        if (!canCut)
            return OpaqueToken.EncodeFitting([this with { Keys = [.. keys.Select(Element)] }, this], room);
        var tokens = CodePoints.Select(most => this with { Keys = [.. keys.Select(key => Element(CutText.Of(key, most)))] });
        return OpaqueToken.EncodeFitting(tokens.Concat(tokens.TakeLast(1).Select(token => token with { Mark = Mark?.Coarsened() })), room);

        static JsonElement Element(object? value) => JsonSerializer.SerializeToElement(value, OpaqueToken.Json);
    }

    // Of a text in it: as many as a title has at most, else fewer.
    private static readonly int[] CodePoints = [Ticket.MaxTitleLength, 100, 50, 25, 0];

    /// <summary>Reads one; fails on what this server did not write for this query.</summary>
    public static PageToken Decode(string text, string query) =>
        OpaqueToken.Decode<PageToken>(text) is { Left: null or >= 0, Skip: null or >= 0, Part: null or > 0 } token && token.Query == query
            ? token
            : throw NotOfThisQuery;

    /// <summary>What a token is good for: the resource and every option that decides which rows there are, in which order.</summary>
    public static string QueryOf(FeedRequest request) => OpaqueToken.Fingerprint(
        [request.PathText, .. from name in Deciding select (string?)request.Options[name]]);

    private static readonly string[] Deciding = ["$filter", "$orderby", "$apply", "$compute", "$search"];
}
