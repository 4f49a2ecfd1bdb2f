namespace SupportTickets.Core;

/// <summary>Letters that databases do not fold when they compare without regard to case.</summary>
public static class CaseSpellings
{
    /// <summary>
    /// The spellings of a term to look for. Databases fold case one letter to one letter and leave the Turkish dotless ı
    /// alone, so it is looked for as itself and as the I that is its capital.
    /// </summary>
    public static IReadOnlyList<string> Of(string term) => term.Contains('ı') ? [term, term.Replace('ı', 'I')] : [term];
}
