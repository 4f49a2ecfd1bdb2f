using System.Text.RegularExpressions;
using SupportTickets.Core;

namespace SupportTickets.Tickets.Search;

/// <summary>
/// A search as a person typed it, split into terms at white space and commas; <c>"..."</c> or <c>'...'</c> keeps a phrase together.
/// A ticket matches when each term occurs in its title or description, ignoring case.
/// </summary>
public sealed class SearchTerms
{
    /// <summary>The most terms one search may have; each costs the database an index look-up.</summary>
    public const int MaxTerms = 32;

    /// <summary>No term: every ticket matches.</summary>
    public static readonly SearchTerms None = new([]);

    // A token: quoted text joined with the text around it, or a run without white space. Takes linear time, because the text may
    // come from anybody.
    private static readonly Regex Token = new(
        """(?:[^\s'"]*(?:(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')[^\s'"]*)+)|\S+""",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);

    private SearchTerms(IReadOnlyList<string> terms) => Terms = terms;

    /// <summary>The terms, none of them empty.</summary>
    public IReadOnlyList<string> Terms { get; }

    /// <summary>Whether there is no term, and so every ticket matches.</summary>
    public bool IsEmpty => Terms.Count == 0;

    /// <summary>A search for one term, taken literally. The term must not be empty.</summary>
    public static SearchTerms Of(string term) => new([term]);

    /// <summary>Splits a search. Fails on U+0000, which no stored text contains, and on more than <see cref="MaxTerms"/> terms.</summary>
    public static Result<SearchTerms> Parse(string? search)
    {
        if (string.IsNullOrWhiteSpace(search))
            return None;
        if (search.Contains('\0'))
            return Invalid(FieldErrorCode.NullCharacter, "Null characters are not allowed.");
        var terms = Token.Matches(search).SelectMany(match => Split(match.Value.Trim(',')))
            .Where(term => term.Length > 0).Distinct().ToList();
        if (terms.Count > MaxTerms)
            return Invalid(FieldErrorCode.TooLong, $"Search for at most {MaxTerms} terms at once.");
        return new SearchTerms(terms);
    }

    private static string[] Split(string token)
    {
        if (token.Length == 0 || token[0] is not ('"' or '\'') || token[0] != token[^1])
            return token.Split(',', StringSplitOptions.TrimEntries);
        var quote = token[0];
        return token.Length < 2 ? [] : [token[1..^1].Replace($"\\{quote}", $"{quote}").Replace(@"\\", @"\")];
    }

    private static InvalidInput Invalid(FieldErrorCode code, string message) => new([new FieldError("search", code, message)]);
}
