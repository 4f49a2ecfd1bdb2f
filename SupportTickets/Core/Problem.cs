namespace SupportTickets.Core;

/// <summary>Why the core did not do what was asked: a value, translated to its wire format once by each face.</summary>
public abstract record Problem;

/// <summary>What was supplied breaks rules; nothing was written.</summary>
/// <param name="Errors">At least one, in the order of the model: title, description, category, priority, status, assignee.</param>
public sealed record InvalidInput(IReadOnlyList<FieldError> Errors) : Problem;

/// <summary>One broken rule.</summary>
/// <param name="Field">The field as REST spells it, or would: title, description, category, priority, status, assignee.</param>
/// <param name="Code">The rule.</param>
/// <param name="Message">A sentence, worded as the recorded REST contract has it.</param>
public readonly record struct FieldError(string Field, FieldErrorCode Code, string Message);

/// <summary>The rules a field can break.</summary>
public enum FieldErrorCode
{
    /// <summary>Not supplied.</summary>
    Required,
    /// <summary>Supplied as null.</summary>
    Null,
    /// <summary>Nothing but white space.</summary>
    Blank,
    /// <summary>Not text.</summary>
    NotText,
    /// <summary>Over the length limit.</summary>
    TooLong,
    /// <summary>Contains U+0000.</summary>
    NullCharacter,
    /// <summary>Contains half of a surrogate pair.</summary>
    Surrogate,
    /// <summary>Contains a character that does not show.</summary>
    Hidden,
    /// <summary>Not one of the choices.</summary>
    NotAChoice,
    /// <summary>Under the minimum length.</summary>
    TooShort,
    /// <summary>Not an e-mail address.</summary>
    NotAnAddress,
    /// <summary>Somebody else has it.</summary>
    Taken,
    /// <summary>A password that is the e-mail address.</summary>
    SameAsEmail,
    /// <summary>Not the current password.</summary>
    Wrong,
    /// <summary>More than are allowed.</summary>
    TooMany,
    /// <summary>An e-mail address that is invited already.</summary>
    Invited,
}
