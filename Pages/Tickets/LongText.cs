namespace SupportTickets.Pages.Tickets;

/// <summary>A text from a person, drawn by LongText.cshtml: as Markdown, and folded when it is long.</summary>
/// <param name="Id">Unique on the page.</param>
/// <param name="Text">The text.</param>
public sealed record LongText(string Id, string Text)
{
    // About what fits on a screen: a longer text is folded, so that one log does not hide the conversation.
    private const int MaxLines = 30, MaxCharacters = 3000;

    private const int MinLogLines = 8;

    /// <summary>The most characters that a page shows; the rest is at <see cref="WholeAt"/>.</summary>
    public const int MaxShown = 100_000;

    /// <summary>The address of the whole text; null where it is here.</summary>
    public string? WholeAt { get; init; }

    /// <summary>The text as far as it is shown.</summary>
    public string Shown => Text.Length > MaxShown ? Text[..MaxShown] : Text;

    // What lines of logs and stack traces begin with.
    private const string LogStarts = "0123456789[";

    /// <summary>Whether most of its lines look like those of a log, which is shown as it is, in a font of even width.</summary>
    public bool IsLog
    {
        get
        {
            var (lines, like) = (0, 0);
            foreach (var line in Shown.AsSpan().EnumerateLines())
            {
                if (line.IsWhiteSpace()) continue;
                lines++;
                if (LogStarts.Contains(line[0]) || line.TrimStart().StartsWith("at ")) like++;
            }
            return lines >= MinLogLines && like * 2 > lines;
        }
    }

    /// <summary>Whether it is folded until somebody wants to see all of it.</summary>
    public bool IsFolded => Text.Length > MaxCharacters || Text.AsSpan().Count('\n') > MaxLines;
}
