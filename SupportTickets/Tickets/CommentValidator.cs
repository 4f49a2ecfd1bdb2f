using System.Text;
using SupportTickets.Core;

namespace SupportTickets.Tickets;

/// <summary>Everything that a caller may supply for a comment, as received.</summary>
public sealed record CommentInput
{
    /// <summary>See <see cref="Comment.Body"/>.</summary>
    public Supplied Body { get; init; }

    /// <summary>See <see cref="Comment.IsInternal"/>; false where it is missing.</summary>
    public Supplied IsInternal { get; init; }
}

/// <summary>A valid new comment. Only <see cref="CommentValidator"/> makes one.</summary>
public sealed record NewComment(string Body, bool IsInternal);

/// <summary>The rules for comments, used by all faces.</summary>
public static class CommentValidator
{
    /// <summary>Checks a new comment: its text is required.</summary>
    public static Result<NewComment> Create(CommentInput input)
    {
        var errors = new List<FieldError>();
        var body = Body(errors, input.Body);
        var isInternal = Flag(errors, "is_internal", input.IsInternal);
        return errors.Count > 0 ? new InvalidInput(errors) : new NewComment(body!, isInternal ?? false);
    }

    /// <summary>Checks a new text for a comment.</summary>
    public static Result<string> Text(Supplied supplied)
    {
        var errors = new List<FieldError>();
        var body = Body(errors, supplied);
        return errors.Count > 0 ? new InvalidInput(errors) : body!;
    }

    private static string? Body(List<FieldError> errors, Supplied supplied)
    {
        var body = TextRules.Text(errors, "body", supplied, required: true);
        if (body is not null && VisibleText.IsBlank(body))
            errors.Add(new("body", FieldErrorCode.Blank, "This field may not be blank."));
        if (body is not null && Encoding.UTF8.GetByteCount(body) > Comment.MaxBodyBytes)
            errors.Add(new("body", FieldErrorCode.TooLong, $"Ensure this field has no more than {Comment.MaxBodyBytes} bytes."));
        return body;
    }

    // JSON has true and false, which are no text; forms have the words.
    private static bool? Flag(List<FieldError> errors, string field, Supplied supplied)
    {
        if (supplied.IsMissing)
            return null;
        if (bool.TryParse(supplied.Text, out var flag))
            return flag;
        errors.Add(supplied.IsNull
            ? new(field, FieldErrorCode.Null, "This field may not be null.")
            : new(field, FieldErrorCode.NotAChoice, "Must be a valid boolean."));
        return null;
    }
}
