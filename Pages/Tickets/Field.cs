using SupportTickets.Core;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>A field of a form, drawn by Field.cshtml.</summary>
/// <param name="Name">The name.</param>
/// <param name="Label">The label.</param>
/// <param name="Value">The value as typed.</param>
/// <param name="Errors">All errors of the form.</param>
public sealed record Field(string Name, string Label, string? Value, IReadOnlyList<FieldError> Errors)
{
    /// <summary>The id; where it is not the name, that by which the rules call the field, so that links of errors lead to it.</summary>
    public string Id { get; init; } = Name;

    /// <summary>Whether it is a text of several lines.</summary>
    public bool Multiline { get; init; }

    /// <summary>The options to choose from; null for a text.</summary>
    public IReadOnlyList<(string Value, string Label)>? Options { get; init; }

    /// <summary>The id of the list that a script fills with suggestions while somebody types; null where nothing is suggested.</summary>
    public string? Suggestions { get; init; }

    /// <summary>The kind of text: null for any, else "email" or "password". A password is never shown again.</summary>
    public string? Type { get; init; }

    /// <summary>The autocomplete attribute (HTML, 4.10.18.7).</summary>
    public string AutoComplete { get; init; } = "off";

    /// <summary>The key that goes to the field; null where there is none.</summary>
    public string? ShortcutKey { get; init; }

    /// <summary>The maximum length in code points, to show how many are left; null where that is not shown.</summary>
    public int? MaxLength { get; init; }

    /// <summary>A hint for the person who fills it in.</summary>
    public string? Hint { get; init; }

    /// <summary>Whether the value is an unchanged suggestion; null where there are no suggestions.</summary>
    public bool? Suggested { get; init; }

    /// <summary>The error in the field; null when there is none.</summary>
    public string? Error => Errors.Where(e => e.Field == Id).Select(Words.Of).FirstOrDefault();

    /// <summary>The ids of the elements that describe it.</summary>
    public string? DescribedBy
    {
        get
        {
            string?[] ids = [Hint is null ? null : $"{Id}-hint", Error is null ? null : $"{Id}-error"];
            return string.Join(' ', ids.OfType<string>()) is { Length: > 0 } text ? text : null;
        }
    }

    /// <summary>The members of an enum to choose from.</summary>
    public static IReadOnlyList<(string Value, string Label)> Choices<TEnum>() where TEnum : struct, Enum =>
        [.. Enum.GetValues<TEnum>().Select(v => (v.ToString(), Words.Label(v)))];
}
