using System.Diagnostics.CodeAnalysis;

namespace SupportTickets.Core;

/// <summary>Either a value or the reason why there is none.</summary>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Problem? problem) => (_value, Problem) = (value, problem);

    /// <summary>The reason; null when there is a value.</summary>
    public Problem? Problem { get; }

    /// <summary>The value; throws when there is none.</summary>
    public T Value => Problem is null ? _value! : throw new InvalidOperationException($"No value: {Problem}");

    /// <summary>Whether there is a value; gives the value or the reason.</summary>
    public bool Succeeded([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Problem? problem)
    {
        (value, problem) = (_value, Problem);
        return problem is null;
    }

    /// <summary>The value as an object, for callers that do not need its type.</summary>
    public Result<object> AsObject() => new(_value, Problem);

    /// <summary>A value.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "The conversion is the constructor.")]
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>A reason.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "The conversion is the constructor.")]
    public static implicit operator Result<T>(Problem problem) => new(default, problem);
}
