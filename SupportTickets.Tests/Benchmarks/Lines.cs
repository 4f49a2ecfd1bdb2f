namespace SupportTickets.Tests.Benchmarks;

/// <summary>A line of the table: what is asked of the desk, and what it is compared with.</summary>
/// <param name="Name">A short name, for arguments and files.</param>
/// <param name="Title">What it is.</param>
/// <param name="Path">What is asked of the desk.</param>
/// <param name="Bare">What is asked of the bare endpoint: the same rows and columns, or for figures one ticket by its key. Null for
/// nothing.</param>
/// <param name="Sql">The same as a statement of the database.</param>
/// <param name="Wanted">What was to be reached with 1,000,000 tickets.</param>
/// <param name="Kind">What wrk sends: get, create or patch.</param>
internal sealed record Line(string Name, string Title, string Path, string? Bare, string Sql, string Wanted, string Kind = "get");

/// <summary>The lines of the table.</summary>
internal static class Lines
{
    /// <summary>A word that one ticket has in its title.</summary>
    public const string RareTitle = "Quokka zq";

    /// <summary>The columns of the feed.</summary>
    public const string Columns = "id, title, description, category, priority, status, assignee_id, requester_id, sentiment, urgency_score,"
        + " channel, created_at, created_date, updated_at, first_reply_at, first_resolved_at, resolved_at, resolved_date,"
        + " resolution_minutes, reopen_count, version";

    private const string Figures = "SELECT status, priority, category, sentiment, count(*), sum(urgency_score)";
    private const string Groups = "GROUP BY status, priority, category, sentiment";

    /// <summary>The lines that are measured in requests per second, in their order: those that write come last.</summary>
    public static IReadOnlyList<Line> Of(bool isPostgres, int tickets)
    {
        var middle = tickets / 2;
        var now = isPostgres ? "now()" : "strftime('%Y-%m-%d %H:%M:%f', 'now')";
        return
        [
            new("page50", "OData, 50 by Id", "/odata/Tickets?$top=50", "/id/50", Select("ORDER BY id LIMIT 50"), "0.8 of bare"),
            new("page1000", "OData, 1000 by Id", "/odata/Tickets?$top=1000", "/id/1000", Select("ORDER BY id LIMIT 1000"),
                "0.8 of bare; 4 ms of the desk's CPU"),
            new("newest", "OData, 50 newest", "/odata/Tickets?$orderby=CreatedAt%20desc&$top=50", "/newest/50",
                Select("ORDER BY created_at DESC, id DESC LIMIT 50"), "0.8 of bare"),
            new("filtered", "OData, Status and Priority, 50",
                "/odata/Tickets?$filter=Status%20eq%20'open'%20and%20Priority%20eq%20'high'&$top=50", "/filtered/50",
                Select("WHERE status = 0 AND priority = 2 ORDER BY id LIMIT 50"), "0.8 of bare"),
            new("key", "OData by key", $"/odata/Tickets({middle})", $"/ticket/{middle}", Select($"WHERE id = {middle}"), "0.8 of bare"),
            new("rest", "REST by key", $"/api/tickets/{middle}/", $"/rest/{middle}",
                "SELECT id, title, description, category, priority, status, sentiment, urgency_score, created_at"
                + $" FROM tickets WHERE id = {middle}", "0.9 of bare"),
            new("stats", "`/api/tickets/stats/`", "/api/tickets/stats/", $"/rest/{middle}", $"{Figures} FROM tickets {Groups}",
                "3 times the time by key; 1,000/s"),
            new("dashboard30", "Dashboard, 30 days", "/?period=30d", $"/rest/{middle}", Period(30), "15 ms alone"),
            new("dashboard365", "Dashboard, 365 days", "/?period=365d", $"/rest/{middle}", Period(365), "15 ms alone"),
            new("list", "List, first page", "/tickets", null, List(""), "5 ms alone"),
            new("search-common", "List, a common word", "/tickets?search=please", null, List(Search("please")), "10 ms alone"),
            new("search-rare", "List, a rare word", "/tickets?search=quokka", null, List(Search("quokka")), "3 ms alone"),
            new("search-two", "List, two rare letters", "/tickets?search=zq", null, List(isPostgres ? Search("zq")
                : "WHERE t.title LIKE '%zq%' OR t.description LIKE '%zq%'"), "50 ms alone, or bounded"),
            new("count", "`/odata/Tickets/$count`", "/odata/Tickets/$count", $"/rest/{middle}", "SELECT count(*) FROM tickets",
                "3 ms alone"),
            new("apply", "`$apply` by month",
                "/odata/Tickets?$apply=groupby((CreatedOn/Year,CreatedOn/Month),aggregate($count%20as%20Count))", $"/rest/{middle}",
                "SELECT d.year, d.month, count(*) FROM tickets t LEFT JOIN calendar d ON d.date = t.created_date GROUP BY d.year, d.month",
                "10 ms alone"),
            new("contains", "`contains(Title,'quokka')`", "/odata/Tickets?$filter=contains(Title,'quokka')&$top=50", null,
                Select($"WHERE {(isPostgres ? "title LIKE '%quokka%'" : "instr(title, 'quokka') > 0")} ORDER BY id LIMIT 50"),
                "10 ms alone"),
            new("create", "Create", "/api/tickets/", null,
                "INSERT INTO tickets (title, description, category, priority, status, sentiment, urgency_score, channel, created_at,"
                + " updated_at, reopen_count, version) VALUES ('Charged twice for one invoice', 'My card was charged twice for the same"
                + " invoice on Monday. Please refund one of the two payments. Thank you.', 0, 2, 0, 1, 50, 1,"
                + $" {now}, {now}, 0, 1)", "0.4 of SQL; 0.30 + 0.35 ms of CPU", "create"),
            new("patch", "PATCH of the status", "/api/tickets/", null, isPostgres
                ? $"\\set id random(1, {tickets})\n\\set status random(0, 3)\n"
                    + "UPDATE tickets SET status = :status, updated_at = now(), version = version + 1 WHERE id = :id"
                : $"UPDATE tickets SET status = abs(random()) % 4, updated_at = {now}, version = version + 1"
                    + $" WHERE id = abs(random()) % {tickets} + 1", "3,000/s", "patch"),
        ];

        string Period(int days) => $"{Figures}, sum(CASE WHEN created_at >= "
            + (isPostgres ? $"now() - interval '{days} days'" : $"datetime('now', '-{days} days')")
            + $" THEN 1 ELSE 0 END) FROM tickets {Groups}";

        string Search(string word) => isPostgres
            ? $"WHERE EXISTS (SELECT FROM ticket_texts x WHERE x.ticket_id = t.id AND x.searched LIKE '%{word}%')"
            : $"WHERE t.id IN (SELECT rowid FROM ticket_search WHERE ticket_search MATCH '\"{word}\"')";
    }

    private static string Select(string rest) => $"SELECT {Columns} FROM tickets {rest}";

    private static string List(string where) =>
        "SELECT t.id, t.title, substr(t.description, 1, 200), t.category, t.priority, t.status, t.urgency_score, t.created_at, t.version,"
        + $" p.name FROM tickets t LEFT JOIN people p ON p.id = t.assignee_id {where} ORDER BY t.created_at DESC, t.id DESC LIMIT 51";
}
