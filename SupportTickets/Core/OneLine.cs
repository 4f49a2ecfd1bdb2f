namespace SupportTickets.Core;

/// <summary>Text on one line.</summary>
public static class OneLine
{
    /// <summary>Replaces every run of white space by one space and trims the ends.</summary>
    public static string Of(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
