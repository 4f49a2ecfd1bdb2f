using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData.Differential;

/// <summary>
/// A few tickets with everything that databases treat in different ways: no value wherever there may be none, letters of
/// several alphabets, signs that patterns and SQL give a meaning, long texts, texts that differ in case or at their end only,
/// equal values in every column, times at the ends of days and years and with microseconds.
/// </summary>
internal static class SampleData
{
    private const int Tickets = 40;

    private static readonly string Long = string.Concat(Enumerable.Repeat("Long text with é, 日本, 😀 and 'quotes'. ", 80));

    /// <summary>Titles; each is that of several tickets.</summary>
    public static readonly string[] Titles =
    [
        "Printer",
        "printer",
        "Printer ",
        "PRINTER!",
        "a%b_c",
        "100% of \\ paths",
        "it's \"quoted\"",
        "Éclair à la crème",
        "日本語のチケット",
        "😀🎫 emoji 🎫",
        "Straße ß",
        "ДА нет",
        "a",
        "A",
        " ",
        "'",
        "aab",
        "Printer é",
        "Printer e\u0301",
        "z\uFFFDz",
        new string('w', 200),
    ];

    private static readonly string[] Descriptions =
    [
        "No paper", "no paper", "tab\there\nand a line", "%", "_", "\\", Long, Long + "a", Long + "b", Long.ToUpperInvariant(),
        new string('é', 900) + "!", string.Concat(Enumerable.Repeat("😀", 400)), "日本", "  blanks  ",
    ];

    private static readonly string?[] Values =
    [
        null, "", "open", "resolved", "Printer", "printer", "%_\\'\"", "é", "e\u0301", "日本語", "😀", Long, Long + "b", "Ada #1", "5", "50",
    ];

    private static readonly string[] Names = ["Ada", "ada", "Zoë 日本 😀", "O'Neil 100%"];

    private static readonly int[] Scores = [0, 1, 49, 50, 50, 51, 99, 100];

    // From nothing and a microsecond to a year.
    private static readonly long[] Delays = [0, 10, 9_999_990, 600_000_000, 35_999_999_990, 864_000_000_000, 31_536_000_000_000];

    private static readonly string[] Actors = ["tester", "Tester", "anonymous", "triage", "Zoë", "日本"];

    /// <summary>Times that are in the data.</summary>
    public static readonly DateTime[] Times =
    [
        At(2025, 12, 31, 23, 59, 59, 999_999),
        At(2026, 1, 1, 0, 0, 0, 0),
        At(2026, 1, 1, 0, 0, 0, 1),
        At(2024, 2, 29, 12, 0, 0, 0),
        At(1999, 12, 31, 23, 59, 59, 500_000),
        At(2100, 1, 1, 0, 0, 0, 0),
        At(2026, 3, 29, 1, 30, 0, 0),
        At(2026, 3, 29, 2, 30, 0, 120_000),
        At(2021, 1, 3, 23, 59, 59, 954_695),
        At(2020, 12, 31, 6, 7, 8, 9),
        At(2026, 11, 23, 14, 29, 59, 999_999),
        At(2026, 11, 1, 0, 0, 0, 100_000),
    ];

    /// <summary>Stores it.</summary>
    public static async Task SeedAsync(TestDatabase database, CancellationToken cancel)
    {
        await using var db = database.Open();
        db.AddRange(Names.Select((name, i) => PersonOf(i + 1, name)));
        await db.SaveChangesAsync(cancel);
        long next = 1;
        for (var id = 1; id <= Tickets; id++)
        {
            db.Add(TicketOf(id));
            for (var n = 0; n < id * 7 % 5; n++)
                db.Add(EventOf(next++, id));
        }
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>What is stored, with everything that is related.</summary>
    public static async Task<Dictionary<Type, IReadOnlyList<Row>>> LoadAsync(TestDatabase database, CancellationToken cancel)
    {
        await using var db = database.Open();
        // Tracked, so that what is related is found from both sides.
        var tickets = await db.Tickets.Include(t => t.CreatedOn).Include(t => t.ResolvedOn).Include(t => t.Assignee)
            .Include(t => t.Events).ThenInclude(e => e.On).OrderBy(t => t.Id).ToListAsync(cancel);
        var agents = await db.Agents.OrderBy(a => a.Id).ToListAsync(cancel);
        return new()
        {
            [typeof(Ticket)] = [.. tickets.Select(Row.Of)],
            [typeof(TicketEvent)] = [.. tickets.SelectMany(t => t.Events).OrderBy(e => e.Id).Select(Row.Of)],
            [typeof(Agent)] = [.. agents.Select(Row.Of)],
        };
    }

    // The strides have no factor in common with the lengths, so that values meet in many combinations.
    private static Ticket TicketOf(int id)
    {
        var created = Times[id * 5 % Times.Length];
        var resolved = id % 3 == 0 ? (DateTime?)null : Later(created, id);
        return new()
        {
            Id = id,
            Title = Titles[id * 4 % Titles.Length],
            Description = Descriptions[id * 3 % Descriptions.Length],
            Category = (Category)(id % 4),
            Priority = (Priority)(id / 3 % 4),
            Status = (Status)(id / 2 % 4),
            AssigneeId = id % 5 == 0 ? null : id % 5,
            Sentiment = (Sentiment)(id / 5 % 4),
            UrgencyScore = Scores[id * 3 % Scores.Length],
            Channel = (Channel)(id / 7 % 4),
            CreatedAt = created,
            UpdatedAt = Later(created, id + 1),
            ResolvedAt = resolved,
            FirstResolvedAt = id % 4 == 0 ? null : resolved,
            ReopenCount = id % 3,
            Version = (id % 6) + 1,
        };
    }

    private static TicketEvent EventOf(long id, int ticket) => new()
    {
        Id = id,
        TicketId = ticket,
        At = Times[id * 7 % Times.Length],
        Actor = Actors[id * 5 % Actors.Length],
        Channel = id % 4 == 0 ? null : (Channel)(id % 3),
        Field = (TicketField)(id * 3 % 8),
        OldValue = Values[id * 3 % Values.Length],
        NewValue = Values[id * 5 % Values.Length] ?? "",
    };

    private static Person PersonOf(int id, string name) => new()
    {
        Id = id,
        Name = name,
        Email = $"{id}@example.com",
        NormalizedEmail = $"{id}@EXAMPLE.COM",
        SecurityStamp = "stamp",
        PasswordHash = "hash",
        Role = Role.agent,
        CreatedAt = Times[0],
        DeactivatedAt = id == 2 ? Times[0] : null,
    };

    private static DateTime Later(DateTime time, int n) => time.AddTicks(Delays[n % Delays.Length]);

    private static DateTime At(int year, int month, int day, int hour, int minute, int second, int microsecond) =>
        new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).AddMicroseconds(microsecond);
}
