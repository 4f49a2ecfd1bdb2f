
namespace SupportTickets.Configuration;

/// <summary>
/// ODATA_*: how much one request to the feed may ask for. A request over a limit is refused with a 4xx whose code and message name
/// the limit.
/// </summary>
public sealed record FeedLimits
{
    /// <summary>
    /// ODATA_MAX_URL_LENGTH: bytes of path and options together, after percent-decoding and without $skiptoken. So a nextLink,
    /// which may encode the same options differently, never exceeds the limit that its first request kept.
    /// </summary>
    public int MaxUrlLength { get; init; } = 8000;

    /// <summary>ODATA_MAX_NODES: nodes of all expressions together; 200 comparisons joined by <c>or</c> fit into the default.</summary>
    public int MaxNodes { get; init; } = 1000;

    /// <summary>ODATA_MAX_DEPTH: parentheses, brackets and prefix operators inside each other.</summary>
    public int MaxDepth { get; init; } = 100;

    /// <summary>ODATA_MAX_LIST_LENGTH: values in one <c>in (...)</c>.</summary>
    public int MaxListLength { get; init; } = 200;

    /// <summary>ODATA_MAX_EXPAND_DEPTH: levels of $expand.</summary>
    public int MaxExpandDepth { get; init; } = 2;

    /// <summary>ODATA_PAGE_SIZE: rows of a page unless the caller prefers another size.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>ODATA_MAX_PAGE_SIZE: rows of the largest page that <c>Prefer: maxpagesize</c> gets.</summary>
    public int MaxPageSize { get; init; } = 10_000;

    /// <summary>
    /// ODATA_MAX_PAGE_BYTES: bytes after which a page ends, however few rows it has: the row that reaches the limit is the last.
    /// Some importers give up on an answer of 8 MB.
    /// </summary>
    public int MaxPageBytes { get; init; } = 4_000_000;

    /// <summary>ODATA_MAX_BATCH_PARTS: parts of a batch, those of its change sets included.</summary>
    public int MaxBatchParts { get; init; } = 100;

    /// <summary>ODATA_MAX_BATCH_BYTES: bytes of a batch; MAX_REQUEST_BYTES when not set.</summary>
    public int MaxBatchBytes { get; init; } = int.MaxValue;

    /// <summary>
    /// ODATA_MAX_BATCH_SECONDS: seconds that the parts of a batch may work together; the parts that are left by then are not done.
    /// </summary>
    public int MaxBatchSeconds { get; init; } = 120;

    /// <summary>Reads the limits.</summary>
    /// <exception cref="SettingException">A limit is out of its range. Above the range the server could not guarantee it.</exception>
    internal static FeedLimits Read(Func<string, string?> text, long maxRequestBytes)
    {
        var usual = new FeedLimits();
        var maxPageSize = Settings.Whole(text, "ODATA_MAX_PAGE_SIZE", 1, 100_000) ?? usual.MaxPageSize;
        return new()
        {
            MaxUrlLength = Settings.Whole(text, "ODATA_MAX_URL_LENGTH", 500, 20_000) ?? usual.MaxUrlLength,
            MaxNodes = Settings.Whole(text, "ODATA_MAX_NODES", 10, 2000) ?? usual.MaxNodes,
            MaxDepth = Settings.Whole(text, "ODATA_MAX_DEPTH", 5, 200) ?? usual.MaxDepth,
            MaxListLength = Settings.Whole(text, "ODATA_MAX_LIST_LENGTH", 1, 2000) ?? usual.MaxListLength,
            MaxExpandDepth = Settings.Whole(text, "ODATA_MAX_EXPAND_DEPTH", 1, 6) ?? usual.MaxExpandDepth,
            PageSize = Settings.Whole(text, "ODATA_PAGE_SIZE", 1, maxPageSize) ?? Math.Min(usual.PageSize, maxPageSize),
            MaxPageSize = maxPageSize,
            MaxPageBytes = Settings.Whole(text, "ODATA_MAX_PAGE_BYTES", 100_000, int.MaxValue) ?? usual.MaxPageBytes,
            MaxBatchParts = Settings.Whole(text, "ODATA_MAX_BATCH_PARTS", 1, 1000) ?? usual.MaxBatchParts,
            MaxBatchBytes = Settings.Whole(text, "ODATA_MAX_BATCH_BYTES", 1024, (int)maxRequestBytes) ?? (int)maxRequestBytes,
            MaxBatchSeconds = Settings.Whole(text, "ODATA_MAX_BATCH_SECONDS", 1, 3600) ?? usual.MaxBatchSeconds,
        };
    }
}
