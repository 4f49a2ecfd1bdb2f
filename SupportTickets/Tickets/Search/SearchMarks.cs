using System.Text.RegularExpressions;
using SupportTickets.Core;

namespace SupportTickets.Tickets.Search;

/// <summary>A part of a text.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="IsMatch">Whether the search found it.</param>
public sealed record TextPart(string Text, bool IsMatch);

/// <summary>Shows where short texts match a search: the same places that the database found.</summary>
public static partial class SearchMarks
{
    /// <summary>How many characters may stand before the first match of an excerpt: the line is often cut behind it.</summary>
    private const int Before = 40;

    /// <summary>Splits a text into what matches and what does not. Matches that touch are one part.</summary>
    public static IReadOnlyList<TextPart> Of(string text, SearchTerms search)
    {
        var matches = new bool[text.Length];
        foreach (var (start, end) in search.Terms.SelectMany(term => Places(text, term)))
            Array.Fill(matches, true, start, end - start);
        var parts = new List<TextPart>();
        for (int from = 0, to; from < text.Length; from = to)
        {
            for (to = from + 1; to < text.Length && matches[to] == matches[from];) to++;
            parts.Add(new(text[from..to], matches[from]));
        }
        return parts;
    }

    /// <summary>A piece of a description on one line without Markdown, from a few words before its first match.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="isCut">Whether the description begins before it.</param>
    /// <param name="search">The search.</param>
    public static string Excerpt(string piece, bool isCut, SearchTerms search)
    {
        var text = OneLine.Of(MarkdownText.Plain(piece));
        var match = First(text, search);
        // The search found signs of Markdown.
        if (match is null) (text, match) = (OneLine.Of(piece), First(OneLine.Of(piece), search));
        var from = Math.Max(0, (match ?? 0) - Before);
        if (from == 0 && !isCut)
            return text;
        var before = Math.Max(0, from - 1);
        if (text.IndexOf(' ', before, (match ?? 0) - before) is >= 0 and var space) from = space + 1;
        else if (from > 0 && char.IsLowSurrogate(text[from])) from++;
        return $"…{text[from..]}";
    }

    // That of the first term, as in the database.
    private static int? First(string text, SearchTerms search)
    {
        foreach (var (start, _) in search.Terms.SelectMany(term => Places(text, term)))
            return start;
        return null;
    }

    // What is on one line has one space where a phrase may have others.
    private static IEnumerable<(int Start, int End)> Places(string text, string term)
    {
        List<(int Start, int End)> places = [.. Folding.Places(text, term)];
        return places.Count > 0 ? places : Folding.Places(text, Space().Replace(term, " "));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
