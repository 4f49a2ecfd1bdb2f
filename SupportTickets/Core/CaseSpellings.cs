namespace SupportTickets.Core;

/// <summary>Handles letters whose case databases do not fold.</summary>
public static class CaseSpellings
{
    /// <summary>
    /// The spellings to search for. Databases fold case letter by letter and do not fold the Turkish dotless ı, so a term with it
    /// is also searched for with its capital, I.
    /// </summary>
    public static IReadOnlyList<string> Of(string term) => term.Contains('ı') ? [term, term.Replace('ı', 'I')] : [term];
}
