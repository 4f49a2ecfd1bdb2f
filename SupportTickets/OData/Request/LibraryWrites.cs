namespace SupportTickets.OData.Request;

/// <summary>
/// A feature of a request whose answer only the library may write. Tests set it, to compare both ways of writing; nothing in the
/// product does.
/// </summary>
internal sealed class LibraryWrites
{
    /// <summary>Whether a request has it.</summary>
    public static bool Everything(FeedRequest request) => request.Http.Features.Get<LibraryWrites>() is not null;
}
