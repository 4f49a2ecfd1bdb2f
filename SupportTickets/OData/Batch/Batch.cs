using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Batch;

/// <summary>One request of a batch, as read.</summary>
/// <param name="Id">Its name in the batch (Content-ID in multipart); null when it has none.</param>
/// <param name="Method">In capitals.</param>
/// <param name="Url">As written: absolute, an absolute path, relative to the feed, or beginning with the <c>$id</c> of an earlier
/// part.</param>
/// <param name="Headers">Its own headers.</param>
/// <param name="Body">Its own body; empty when it has none.</param>
/// <param name="DependsOn">The parts and groups that must have succeeded before.</param>
internal sealed record BatchPart(
    string? Id, string Method, string Url, IHeaderDictionary Headers, ReadOnlyMemory<byte> Body, IReadOnlyList<string> DependsOn)
{
    /// <summary>Whether it has a condition of its own (<c>if</c>), which is not offered.</summary>
    public bool IsConditional { get; init; }

    /// <summary>Whether it only reads, so that it can be cancelled at any moment.</summary>
    public bool IsRead => Method == "GET" || Url.Split('?')[0].EndsWith(UnparsedTarget.QuerySegment, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A unit of a batch: a single part, or a change set (atomicity group), which succeeds or fails as a whole.</summary>
/// <param name="Parts">The single part, or the parts of the change set.</param>
/// <param name="IsAtomic">Whether it is a change set.</param>
/// <param name="Group">The name of the change set; null in multipart, which has none.</param>
internal sealed record BatchUnit(IReadOnlyList<BatchPart> Parts, bool IsAtomic = false, string? Group = null);

/// <summary>The whole answer to one part.</summary>
/// <param name="Part">The part that it answers.</param>
/// <param name="Address">Where the part was sent.</param>
/// <param name="Http">Status and headers.</param>
/// <param name="Body">The body.</param>
internal sealed record BatchAnswer(BatchPart Part, Uri Address, HttpResponse Http, MemoryStream Body)
{
    /// <summary>Whether it failed.</summary>
    public bool Failed => Http.StatusCode >= StatusCodes.Status400BadRequest;

    /// <summary>Whether it failed only because another part did.</summary>
    public bool IsConsequence => Http.StatusCode == StatusCodes.Status424FailedDependency;
}

/// <summary>
/// Limits for a single part of a batch. Those for the whole batch are in <see cref="FeedLimits"/>.
/// </summary>
internal static class BatchLimits
{
    /// <summary>Headers of one part.</summary>
    public const int MaxHeaders = 50;

    /// <summary>Bytes of the headers of one part, with its request line.</summary>
    public const int MaxHeaderBytes = 32 * 1024;

    /// <summary>Characters of an id or of the name of a group.</summary>
    public const int MaxIdLength = 128;

    /// <summary>
    /// Bytes of the answer to one part, and of all answers of a change set together, which stay in memory until the commit. A body
    /// of MAX_REQUEST_BYTES always fits, escaped or not.
    /// </summary>
    public static long MaxAnswerBytes(long maxRequestBytes) => Math.Max(32 * 1024 * 1024, 6 * maxRequestBytes);

    public static FeedException TooManyParts(FeedLimits limits) =>
        new(new(
            StatusCodes.Status413PayloadTooLarge, "too_many_parts",
            $"A batch may have {limits.MaxBatchParts} parts (ODATA_MAX_BATCH_PARTS). Nothing was done."));

    public static FeedException TooLarge(FeedLimits limits) =>
        new(new(
            StatusCodes.Status413PayloadTooLarge, "batch_too_large",
            $"A batch may have {limits.MaxBatchBytes} bytes (ODATA_MAX_BATCH_BYTES). Nothing was done."));

    /// <summary>The answer to a part that was not reached within ODATA_MAX_BATCH_SECONDS. A smaller batch can reach it.</summary>
    public static Fault OutOfTime(FeedLimits limits) =>
        new(
            StatusCodes.Status503ServiceUnavailable, "batch_timeout",
            $"The batch had worked for {limits.MaxBatchSeconds} s (ODATA_MAX_BATCH_SECONDS) before this was done. "
                + "Nothing of it was done: send it again in a smaller batch.")
        {
            RetryAfter = 1,
        };

    public static FeedException TooManyHeaders(string target) =>
        new(new(
            StatusCodes.Status400BadRequest, "too_many_headers",
            $"A part may have {MaxHeaders} headers of {MaxHeaderBytes} bytes together. Nothing was done.", target));
}
