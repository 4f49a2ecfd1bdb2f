using System.Text;
using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

/// <summary>Tickets with texts of any length, and walks over them whose links are looked at.</summary>
internal static class LongTexts
{
    /// <summary>What no link of the desk is longer than.</summary>
    public const int MaxLink = 2000;

    private static readonly Origin Somebody = new("seed", Channel.web);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Ties, texts that begin as others do for longer than a link holds, and every kind of character.
    private static string[] Texts(int longest) =>
    [
        new('a', 3000),
        new('a', 3000),
        new string('a', 3000) + "b",
        new('a', 2999),
        "a",
        "b",
        "B",
        " ",
        new('é', 500),
        new string('é', 500) + "x",
        Repeated("票", 500),
        Repeated("票", 500),
        Repeated("票", 499) + "卷",
        Repeated("🎫", 250),
        Repeated("🎫", 250),
        Repeated("🎫", 249) + "🎟",
        Repeated("e\u0301", 400),
        Repeated("%_'\"\\", 300),
        "\uFFFD" + Repeated("\uFFFD", 700),
        Repeated("👩‍👩‍👧", 200),
        new('z', longest),
        new('z', longest),
        new string('z', longest) + "é",
        Repeated("票", longest / 3),
    ];

    /// <summary>A desk with a ticket for each of the texts.</summary>
    public static async Task<FeedDesk> StartAsync(Provider provider, int longest = 20_000)
    {
        var desk = await FeedDesk.StartAsync(provider);
        await SeedAsync(desk, Texts(longest));
        return desk;
    }

    /// <summary>Adds a ticket for each text, and to the history of each a text before and after.</summary>
    public static async Task SeedAsync(FeedDesk desk, string[] texts, string? title = null)
    {
        await using var db = desk.Database.Open();
        for (var i = 0; i < texts.Length; i++)
        {
            var draft = new NewTicket(
                title ?? (i % 3 == 0 ? Repeated("標題", 100) : $"Title {i % 4}"), texts[i], (Category)(i % 4), (Priority)(i % 4),
                Status.open);
            var ticket = TicketLifeCycle.Create(draft, new Score(Sentiment.calm, i), ManualClock.Monday.UtcDateTime, Somebody);
            ticket.Events.Add(
                new()
                {
                    Actor = "seed",
                    Field = TicketField.description,
                    At = ManualClock.Monday.UtcDateTime,
                    OldValue = i % 4 == 0 ? null : texts[^(1 + i)],
                    NewValue = texts[i],
                });
            db.Add(ticket);
        }
        await db.SaveChangesAsync(Cancel);
    }

    /// <summary>The keys of all rows of a walk, in its order.</summary>
    public static async Task<List<int>> WalkAsync(FeedDesk desk, string url, int size, bool isBounded = true)
    {
        var ids = new List<int>();
        for (var next = url; next is not null;)
        {
            var page = await desk.GetAsync(next, ("Prefer", $"odata.maxpagesize={size}"));
            ids.AddRange(Ids(page));
            Assert.True(ids.Count <= 100, "The walk does not end.");
            next = Link(page, isBounded);
        }
        return ids;
    }

    /// <summary>The keys of the rows of a page.</summary>
    public static IEnumerable<int> Ids(JsonObject page) => page["value"]!.AsArray().Select(row => row!["Id"]!.GetValue<int>());

    /// <summary>The link to the next page, which is short unless the query is long; null after the last.</summary>
    public static string? Link(JsonObject page, bool isBounded = true)
    {
        var link = page["@odata.nextLink"]?.GetValue<string>();
        Assert.True(link is null || !isBounded || link.Length <= MaxLink, $"A link of {link?.Length} characters.");
        return link;
    }

    /// <summary>A text so many times over.</summary>
    public static string Repeated(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
}
