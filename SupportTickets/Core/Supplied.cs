namespace SupportTickets.Core;

/// <summary>One field as a face received it, before any rule is applied: missing, null, text, or something other than text.</summary>
public readonly record struct Supplied
{
    private enum Kind { Missing, Null, Text, NotText }

    private readonly Kind _kind;

    private Supplied(Kind kind, string? text) => (_kind, Text) = (kind, text);

    /// <summary>The field did not occur. This is the default value.</summary>
    public static Supplied Missing => default;

    /// <summary>The field was there, as null.</summary>
    public static Supplied Null { get; } = new(Kind.Null, null);

    /// <summary>The text; for anything else its source text, to show in an error message.</summary>
    public string? Text { get; }

    /// <summary>Whether the field did not occur.</summary>
    public bool IsMissing => _kind == Kind.Missing;

    /// <summary>Whether the field was null.</summary>
    public bool IsNull => _kind == Kind.Null;

    /// <summary>Whether the field was text.</summary>
    public bool IsText => _kind == Kind.Text;

    /// <summary>A field that was text.</summary>
    public static Supplied Of(string text) => new(Kind.Text, text);

    /// <summary>Text, or <see cref="Missing"/> for null: what a form gives.</summary>
    public static Supplied OfForm(string? text) => text is null ? Missing : Of(text);

    /// <summary>A field that was a boolean, a list or an object.</summary>
    /// <param name="spelling">Its source text, to show in an error message.</param>
    public static Supplied NotText(string spelling) => new(Kind.NotText, spelling);
}
