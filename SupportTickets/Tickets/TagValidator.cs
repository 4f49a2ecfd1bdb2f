using SupportTickets.Core;

namespace SupportTickets.Tickets;

/// <summary>The rules for tags, used by all faces.</summary>
public static class TagValidator
{
    /// <summary>The most tags of a ticket.</summary>
    public const int MaxTags = 20;

    private const string Field = "tags";

    /// <summary>Checks names and removes repeated ones, which are those that differ in case alone.</summary>
    public static Result<IReadOnlyList<string>> Names(IReadOnlyCollection<string?> supplied)
    {
        var errors = new List<FieldError>();
        if (supplied.Count > MaxTags)
            return new InvalidInput([TooMany()]);
        var names = new List<string>();
        foreach (var text in supplied)
        {
            if (Name(errors, Field, Supplied.Of(text ?? "")) is { } name)
                names.Add(name);
        }
        return errors.Count > 0 ? new InvalidInput(errors) : names.DistinctBy(Tag.Normalized).ToList();
    }

    /// <summary>Checks one name.</summary>
    public static Result<string> Name(Supplied supplied)
    {
        var errors = new List<FieldError>();
        var name = Name(errors, "name", supplied);
        return errors.Count > 0 ? new InvalidInput(errors) : name!;
    }

    /// <summary>The error for a ticket that would have more tags than it can.</summary>
    internal static FieldError TooMany() => new(Field, FieldErrorCode.TooMany, $"Ensure this field has no more than {MaxTags} elements.");

    private static string? Name(List<FieldError> errors, string field, Supplied supplied)
    {
        var before = errors.Count;
        var name = VisibleText.Name(errors, field, supplied, Tag.MaxNameLength);
        // Lists of tags are written with commas between them.
        if (errors.Count == before && name!.Contains(','))
            errors.Add(new(field, FieldErrorCode.NotAChoice, "A tag has no comma."));
        return errors.Count == before ? name : null;
    }
}
