using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;

namespace SupportTickets.Data;

/// <summary>
/// Functions for searches, which compare texts as <see cref="Folding"/> does. PostgreSQL has its own, made by a migration; SQLite
/// uses ours, with equal results.
/// </summary>
public static class SearchFunctions
{
    // Also written in the migration for PostgreSQL.
    private const string BetweenWords =
        "\t\n\r\u00A0\u3000.,;:!?()[]{}<>\"'`/\\|-_+*=#&@~^%$…–—“”„‘’«»¿¡、。，！？：；（）「」・";

    /// <summary>The text with the letters replaced that databases do not fold. In queries of PostgreSQL only.</summary>
    public static string Spelled(string text) => throw OnlyInQueries();

    /// <summary>The text in the lower case of the database. In queries of PostgreSQL only.</summary>
    public static string Lowered(string text) => throw OnlyInQueries();

    /// <summary>Whether a text contains a term.</summary>
    public static bool Contains(string text, string term) => Folding.Contains(text, term);

    /// <summary>
    /// The place of the first occurrence of a term in a text, from 1, in code points; null when there is none. On PostgreSQL it may
    /// lie some characters too far left, behind many letters such as <c>ß</c>.
    /// </summary>
    public static int? Place(string text, string term)
    {
        foreach (var (start, _) in Folding.Places(text, term))
        {
            var place = 1;
            foreach (var unit in text.AsSpan(0, start))
                if (!char.IsLowSurrogate(unit)) place++;
            return place;
        }
        return null;
    }

    /// <summary>How well a title matches a term: 2 for a whole word or words, 1 for a part of one, 0 for nothing.</summary>
    public static int Rank(string title, string term)
    {
        var (folded, foldedTerm) = (Folding.Of(title), Folding.Of(term));
        return Words(folded).Contains(Words(foldedTerm), StringComparison.Ordinal) ? 2
            : folded.Contains(foldedTerm, StringComparison.Ordinal) ? 1
            : 0;
    }

    internal static void MapSqlite(ModelBuilder model)
    {
        model.HasDbFunction(() => Contains("", "")).HasName("search_contains").IsNullable(false);
        model.HasDbFunction(() => Place("", "")).HasName("search_place");
        model.HasDbFunction(() => Rank("", "")).HasName("search_rank").IsNullable(false);
    }

    internal static void MapPostgres(ModelBuilder model)
    {
        model.HasDbFunction(() => Spelled("")).HasName("search_spelled").IsNullable(false);
        model.HasDbFunction(() => Lowered("")).HasName("lower").IsBuiltIn().IsNullable(false);
        model.HasDbFunction(() => Place("", "")).HasName("search_place");
        model.HasDbFunction(() => Rank("", "")).HasName("search_rank").IsNullable(false);
    }

    /// <summary>Registers the functions with an SQLite connection.</summary>
    internal static void Register(SqliteConnection connection)
    {
        connection.CreateFunction<string, string, bool>("search_contains", Contains, isDeterministic: true);
        connection.CreateFunction<string, string, int?>("search_place", Place, isDeterministic: true);
        connection.CreateFunction<string, string, int>("search_rank", Rank, isDeterministic: true);
    }

    private static string Words(string text)
    {
        var words = new StringBuilder(" ").Append(text).Append(' ');
        for (var at = 0; at < words.Length; at++)
            if (BetweenWords.Contains(words[at], StringComparison.Ordinal)) words[at] = ' ';
        return words.ToString();
    }

    private static InvalidOperationException OnlyInQueries() => new("This is for queries only.");
}
