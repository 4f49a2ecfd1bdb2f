using SupportTickets.Access;

namespace SupportTickets.Tickets.Submissions;

/// <summary>
/// The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header) of REST and OData: a ticket or a comment that is sent again
/// with the same key is not created again.
/// </summary>
internal static class IdempotencyHeader
{
    public const string Header = "Idempotency-Key";

    /// <summary>The key of a request; null when there is none. The quotes that the draft asks for are optional.</summary>
    public static IdempotencyKey? Of(HttpRequest request) => request.Headers.TryGetValue(Header, out var value)
        ? new(value.ToString() is ['"', .. var quoted, '"'] ? quoted : value.ToString(), request.HttpContext.Caller().SubmissionScope)
        : null;

    /// <summary>The HTTP error for a refused key: status, a code for programs, a sentence.</summary>
    public static (int Status, string Code, string Message) Refusal(SubmissionRefused refused) => refused.Why switch
    {
        SubmissionRefusal.BadKey => (StatusCodes.Status400BadRequest, "invalid_header",
            $"An {Header} is 1 to {IdempotencyKey.MaxLength} printable ASCII characters. Nothing was created."),
        SubmissionRefusal.KeyTaken => (StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused",
            $"Something else was created under this {Header}. Nothing was created: send each under a key of its own."),
        SubmissionRefusal.TicketDeleted => (StatusCodes.Status410Gone, "ticket_deleted",
            $"The ticket that was created under this {Header} has been deleted since. Nothing was created: "
                + "to create it again, send it under a new key."),
        SubmissionRefusal.CommentDeleted => (StatusCodes.Status410Gone, "comment_deleted",
            $"The comment that was created under this {Header} has been deleted since. Nothing was created: "
                + "to create it again, send it under a new key."),
    };
}
