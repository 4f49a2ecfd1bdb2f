using System.Diagnostics.CodeAnalysis;

namespace SupportTickets.Tickets;

/// <summary>Why the core did not do what was asked: a value, translated to its wire format once by each face.</summary>
public abstract record Problem;

/// <summary>What was supplied breaks rules; nothing was written.</summary>
/// <param name="Errors">At least one, in the order of the model: title, description, category, priority, status, assignee.</param>
public sealed record InvalidInput(IReadOnlyList<FieldError> Errors) : Problem;

/// <summary>No such ticket for this caller.</summary>
public sealed record TicketNotFound : Problem;

/// <summary>The ticket changed since the caller read it; nothing was written.</summary>
/// <param name="Current">The ticket as it is now.</param>
public sealed record StaleTicket(Ticket Current) : Problem;

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
    /// <summary>Under the least length.</summary>
    TooShort,
    /// <summary>No e-mail address.</summary>
    NotAnAddress,
    /// <summary>Somebody else has it.</summary>
    Taken,
    /// <summary>A password that is the e-mail address.</summary>
    SameAsEmail,
    /// <summary>Not the password.</summary>
    Wrong,
    /// <summary>Over what is allowed at a time.</summary>
    TooMany,
    /// <summary>An e-mail address that is invited already.</summary>
    Invited,
}

/// <summary>Either a value or the reason why there is none.</summary>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Problem? problem) => (_value, Problem) = (value, problem);

    /// <summary>The reason; null when there is a value.</summary>
    public Problem? Problem { get; }

    /// <summary>The value; throws when there is none.</summary>
    public T Value => Problem is null ? _value! : throw new InvalidOperationException($"No value: {Problem}");

    /// <summary>Tells the two apart in one step.</summary>
    public bool Succeeded([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Problem? problem)
    {
        (value, problem) = (_value, Problem);
        return problem is null;
    }

    /// <summary>A value.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "The conversion is the constructor.")]
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>A reason.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "The conversion is the constructor.")]
    public static implicit operator Result<T>(Problem problem) => new(default, problem);
}
