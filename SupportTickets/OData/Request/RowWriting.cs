namespace SupportTickets.OData.Request;

/// <summary>
/// A feature of a request by which tests choose, and see, who writes the rows of its answer. Nothing in the product sets it.
/// </summary>
internal sealed class RowWriting
{
    /// <summary>Whether the library has to write all rows.</summary>
    public bool IsByLibrary { get; init; }

    /// <summary>Whether rows were written straight.</summary>
    public bool WasStraight { get; private set; }

    /// <summary>Whether the whole answer was written without the library.</summary>
    public bool WasFramed { get; private set; }

    /// <summary>Whether the library has to write the rows of a request.</summary>
    public static bool ByLibrary(FeedRequest request) => request.Http.Features.Get<RowWriting>()?.IsByLibrary == true;

    /// <summary>Notes that rows are written straight.</summary>
    public static void NoteStraight(FeedRequest request)
    {
        if (request.Http.Features.Get<RowWriting>() is { } writing) writing.WasStraight = true;
    }

    /// <summary>Notes that the whole answer is written without the library.</summary>
    public static void NoteFramed(FeedRequest request)
    {
        NoteStraight(request);
        if (request.Http.Features.Get<RowWriting>() is { } writing) writing.WasFramed = true;
    }
}
