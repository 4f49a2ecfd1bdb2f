using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Answers.Straight;

/// <summary>
/// What stands around the rows of a query that is asked again and again: the library wrote it once, and it is the same for each request
/// that comes to the same address with the same preferences.
/// </summary>
/// <param name="ContentType">The Content-Type header.</param>
/// <param name="Head">What stands before the rows, or before the properties of a single entity.</param>
internal sealed record AnswerFrame(string ContentType, byte[] Head)
{
    /// <summary>The most frames of a query: callers differ in few headers, but anybody can make up more.</summary>
    private const int Most = 16;

    /// <summary>The most characters of address and headers that a frame is kept for.</summary>
    private const int MostCharacters = 1000;

    private static readonly ConditionalWeakTable<object, ConcurrentDictionary<Key, AnswerFrame>> Known = [];

    /// <summary>Writes the rows of a page; null for a single entity.</summary>
    public IRowWriter? Rows { get; init; }

    /// <summary>Writes a single entity; null for a page.</summary>
    public EntityRows? Entity { get; init; }

    /// <summary>The frame of an answer; null when the library has to write it.</summary>
    public static AnswerFrame? Find(FeedRequest request, FeedQuery query) =>
        query.Shared is { } shared && Known.TryGetValue(shared, out var frames) && frames.TryGetValue(KeyOf(request), out var frame)
            ? frame : null;

    /// <summary>Keeps the frame of an answer that the library has begun.</summary>
    public static void Learn(FeedRequest request, FeedQuery query, AnswerFrame frame)
    {
        // Behind a longer path the context URL may name a key.
        if (query.Shared is not { } shared || !request.Path.All(segment => segment is EntitySetSegment or KeySegment))
            return;
        var (frames, key) = (Known.GetOrCreateValue(shared), KeyOf(request));
        if (frames.Count < Most && key.Root.Length + key.Accept.Length + key.Format.Length <= MostCharacters)
            frames.TryAdd(key, frame);
    }

    private static Key KeyOf(FeedRequest request) => new(
        request.Root.AbsoluteUri, request.Http.Request.Headers.Accept.ToString(), request.Options["$format"].ToString(),
        request.Preferences.OmitsNulls);

    // All that a frame depends on, beside the query itself and the version of OData, which is a part of its shape.
    private sealed record Key(string Root, string Accept, string Format, bool OmitsNulls);
}
