namespace SupportTickets.Tickets.Totals;

/// <summary>
/// The SQL that counts the totals anew from the tickets and their events, on both databases. The triggers of the migrations keep the same
/// numbers.
/// </summary>
internal static class TotalsSql
{
    /// <summary>The table of <see cref="TicketTotal"/>.</summary>
    public const string Totals = "ticket_totals";

    /// <summary>The table of <see cref="DayTotal"/>.</summary>
    public const string Days = "day_totals";

    /// <summary>The columns that name a combination.</summary>
    public static readonly IReadOnlyList<string> TotalKey = ["status", "priority", "category", "sentiment"];

    /// <summary>The numbers of a combination.</summary>
    public static readonly IReadOnlyList<string> TotalNumbers = ["tickets", "urgency"];

    /// <summary>The column that names a day.</summary>
    public static readonly IReadOnlyList<string> DayKey = ["day"];

    // The numbers of the tickets created on a day: the column, and what a ticket adds to it.
    private static readonly (string Column, string Adds)[] OfCreated =
    [
        ("created", "1"), .. Of<Status>("status"), .. Of<Priority>("priority"), .. Of<Category>("category"), .. Of<Sentiment>("sentiment"),
    ];

    private static readonly string[] OfOthers = ["resolved", "resolution_minutes", "done_change"];

    /// <summary>The numbers of a day.</summary>
    public static readonly IReadOnlyList<string> DayNumbers = [.. OfCreated.Select(c => c.Column), .. OfOthers];

    /// <summary>Counts each combination: its key, then its numbers.</summary>
    public const string CountedTotals = """
        SELECT status, priority, category, sentiment, count(*) AS tickets, sum(urgency_score) AS urgency
        FROM tickets GROUP BY status, priority, category, sentiment
        """;

    /// <summary>Counts each day: its key, then its numbers.</summary>
    public static readonly string CountedDays = $"""
        SELECT day, {List(c => $"sum({c}) AS {c}")} FROM (
            SELECT created_date AS day, {string.Join(", ", OfCreated.Select(c => $"{c.Adds} AS {c.Column}"))},
                0 AS resolved, 0 AS resolution_minutes, 0 AS done_change
            FROM tickets
            UNION ALL SELECT resolved_date, {Zeros()}, 1, resolution_minutes, 0 FROM tickets WHERE resolved_date IS NOT NULL
            UNION ALL SELECT date, {Zeros()}, 0, 0, done_change FROM ticket_events WHERE done_change IS NOT NULL
        ) AS counted GROUP BY day
        """;

    /// <summary>Empties the tables and fills them with what is counted.</summary>
    public static readonly string Refill = $"""
        DELETE FROM {Totals};
        DELETE FROM {Days};
        INSERT INTO {Totals} (slot, status, priority, category, sentiment, tickets, urgency) SELECT 0, c.* FROM ({CountedTotals}) AS c;
        INSERT INTO {Days} (slot, day, {List(c => c)}) SELECT 0, c.* FROM ({CountedDays}) AS c;
        """;

    private static string List(Func<string, string> column) => string.Join(", ", DayNumbers.Select(column));

    private static string Zeros() => string.Join(", ", OfCreated.Select(_ => "0"));

    private static IEnumerable<(string Column, string Adds)> Of<TEnum>(string column) where TEnum : struct, Enum =>
        Enum.GetValues<TEnum>().Select((member, number) => ($"{column}_{member}", $"CASE WHEN {column} = {number} THEN 1 ELSE 0 END"));
}
