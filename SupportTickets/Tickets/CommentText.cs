namespace SupportTickets.Tickets;

/// <summary>
/// How events and files describe a comment: "reply" by the desk, "note" for an internal note, "message" from the requester. An event
/// without an old value added the comment, one without a new value deleted it, and one with both edited it.
/// </summary>
public static class CommentText
{
    /// <summary>A reply by somebody of the desk.</summary>
    public const string Reply = "reply";

    /// <summary>An internal note.</summary>
    public const string Note = "note";

    /// <summary>A comment of the requester.</summary>
    public const string Message = "message";

    /// <summary>The word for a comment.</summary>
    public static string Of(Comment comment) => Of(comment.IsInternal, comment.IsFromRequester);

    /// <summary>The word for a comment of which only this is known.</summary>
    public static string Of(bool isInternal, bool isFromRequester) => isInternal ? Note : isFromRequester ? Message : Reply;
}
