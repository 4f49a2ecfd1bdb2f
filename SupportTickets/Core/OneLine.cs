namespace SupportTickets.Core;

/// <summary>Text on one line.</summary>
public static class OneLine
{
    /// <summary>Every run of white space is one space; none at the ends.</summary>
    public static string Of(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
