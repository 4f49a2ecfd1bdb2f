using System.Text.RegularExpressions;
using SupportTickets.Core;

namespace SupportTickets.Tickets.Search;

/// <summary>
/// What a person typed into a search box, taken apart: terms split on white space and commas, <c>"..."</c> or <c>'...'</c>
/// keeps a phrase. A ticket matches when each term occurs in its title or its description, without regard to case.
/// </summary>
public sealed class SearchTerms
{
    /// <summary>The most terms one search may have; each costs the database an index look-up.</summary>
    public const int MaxTerms = 32;

    /// <summary>No term: every ticket matches.</summary>
    public static readonly SearchTerms None = new([]);

    // A token: quoted runs glued to what surrounds them, else whatever has no white space. Linear time: the text is a stranger's.
    private static readonly Regex Token = new(
        """(?:[^\s'"]*(?:(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')[^\s'"]*)+)|\S+""",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);

    private SearchTerms(IReadOnlyList<string> terms) => Terms = terms;

    /// <summary>The terms, none of them empty.</summary>
    public IReadOnlyList<string> Terms { get; }

    /// <summary>One term, literally: a word or phrase that is taken apart already. Not empty.</summary>
    public static SearchTerms Of(string term) => new([term]);

    /// <summary>Takes a search apart. Fails on U+0000, which no text can hold, and on more than <see cref="MaxTerms"/> terms.</summary>
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
