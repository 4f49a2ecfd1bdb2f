using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Rest;

public sealed class ListTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_long_list_is_streamed_whole_and_newest_first(Provider provider)
    {
        const int Count = 5000;
        await using var desk = await Desk.StartAsync(provider, kestrel: true);
        await using (var db = desk.Database.Open())
        {
            // Some share their moment: then the id decides.
            db.Tickets.AddRange(Enumerable.Range(0, Count).Select(i => Ticket($"t{i}", Start.AddSeconds(i / 3))));
            await db.SaveChangesAsync(Cancel);
        }

        using var response = await desk.Client.GetAsync("/api/tickets/", HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Null(response.Content.Headers.ContentLength);
        Assert.True(response.Headers.TransferEncodingChunked);
        await using var body = await response.Content.ReadAsStreamAsync(Cancel);
        var got = new List<(string CreatedAt, int Id)>();
        await foreach (var ticket in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(body, cancellationToken: Cancel))
            got.Add((ticket.GetProperty("created_at").GetString()!, ticket.GetProperty("id").GetInt32()));
        Assert.Equal(Count, got.Count);
        Assert.Equal(got.OrderByDescending(t => t.CreatedAt, StringComparer.Ordinal).ThenByDescending(t => t.Id), got);

        using var oldest = JsonDocument.Parse(await desk.GetAsync("/api/tickets/?ordering=created_at").TextAsync());
        Assert.Equal(got.Select(t => t.Id).Reverse(), oldest.RootElement.EnumerateArray().Select(t => t.GetProperty("id").GetInt32()));
    }

    [Fact]
    public async Task A_list_that_fails_on_its_way_does_not_look_whole()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await using (var db = desk.Database.Open())
        {
            db.Tickets.AddRange(Enumerable.Range(0, 1000).Select(i => Ticket($"t{i}", Start.AddSeconds(i))));
            await db.SaveChangesAsync(Cancel);
            // The last row of the list has a key that cannot be read.
            await db.Database.ExecuteSqlRawAsync("UPDATE tickets SET id = 99999999999 WHERE title = 't0'", Cancel);
        }
        var error = await Record.ExceptionAsync(() => desk.Client.GetStringAsync("/api/tickets/", Cancel));
        Assert.True(error is HttpRequestException or IOException, $"{error}");
    }

    [Theory, Providers]
    public async Task Filters_and_order_are_read_as_recorded(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await using (var db = desk.Database.Open())
        {
            db.Tickets.AddRange(
                Ticket("old", Start, Category.billing, Status.closed), Ticket("mid", Start.AddHours(1), Category.account),
                Ticket("new", Start.AddHours(2), Category.billing));
            await db.SaveChangesAsync(Cancel);
        }
        string[] newest = ["new", "mid", "old"], oldest = ["old", "mid", "new"], billing = ["new", "old"];
        (string Query, string[] Titles)[] cases =
        [
            ("", newest),
            ("?", newest),
            ("?category=", newest),
            ("?category=billing", billing),
            ("?category=zz&category=billing", billing),
            ("?category=billing&category=", newest),
            ("?%63ategory=b%69lling", billing),
            ("?Category=zz&unknown=1", newest),
            ("?category=billing&status=closed", ["old"]),
            ("?category=billing&ordering=created_at", ["old", "new"]),
            ("?ordering=created_at", oldest),
            ("?ordering=-created_at,created_at", newest),
            ("?ordering=nope,%20created_at%20", oldest),
            ("?ordering=created_at&ordering=nope", newest),
            ("?ordering=Created_at", newest),
            ("?search=mid&ordering=created_at", ["mid"]),
        ];
        foreach (var (query, titles) in cases)
            Assert.Equal((query, string.Join(',', titles)), (query, string.Join(',', await desk.TitlesAsync(query))));

        Assert.Equal(
            """{"category":["Select a valid choice. x is not one of the available choices."],"status":"""
                + """["Select a valid choice. 0 is not one of the available choices."]}""",
            await desk.GetAsync("/api/tickets/?status=0&category=x&search=%00").TextAsync(HttpStatusCode.BadRequest));
        Assert.Equal(
            """["Null characters are not allowed."]""",
            await desk.GetAsync("/api/tickets/?search=a%00").TextAsync(HttpStatusCode.BadRequest));
        Assert.Equal("""["Search for at most 32 terms at once."]""",
            await desk.GetAsync($"/api/tickets/?search={string.Join('+', Enumerable.Range(0, 33))}").TextAsync(HttpStatusCode.BadRequest));
        Assert.Equal("""{"detail":"The query has more than 1000 parameters."}""",
            await desk.GetAsync($"/api/tickets/?{string.Join('&', Enumerable.Repeat("a", 1001))}").TextAsync(HttpStatusCode.BadRequest));
    }

    [Theory, Providers]
    public async Task A_search_finds_the_same_on_every_database(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddTicketAsync("percent", "100% sure");
        await desk.AddTicketAsync("underscore", "worker_a fails");
        await desk.AddTicketAsync("backslash", @"C:\temp is full");
        await desk.AddTicketAsync("quote", "say \"hello world\" to O'Brien");
        await desk.AddTicketAsync("upper", "ПРИВЕТ ÜBER ÉTÉ ΣΟΦΙΑ İ");
        await desk.AddTicketAsync("lower", "привет über été σοφια ı");
        await desk.AddTicketAsync("emoji", "fire 🔥🚀 here");
        await desk.AddTicketAsync("operators", "login AND near* ^start {x} -minus title:");
        (string Search, string Titles)[] cases =
        [
            ("%", "percent"),
            ("0%", "percent"),
            ("100%", "percent"),
            ("10%%", ""),
            ("_", "underscore"),
            ("r_a", "underscore"),
            ("workerXa", ""),
            ("__", ""),
            (@"\", "backslash"),
            (@"\t", "backslash"),
            (@"C:\temp", "backslash"),
            (@"\\", ""),
            ("\"hello world\"", "quote"),
            ("\"world hello\"", ""),
            ("world hello", "quote"),
            ("O'Brien", "quote"),
            ("o'", "quote"),
            ("\"", "operators,emoji,lower,upper,quote,backslash,underscore,percent"),
            ("привет", "lower,upper"),
            ("ПР", "lower,upper"),
            ("ü", "lower,upper"),
            ("ÜB", "lower,upper"),
            ("über", "lower,upper"),
            ("ÉTÉ", "lower,upper"),
            ("ΣΟΦ", "lower,upper"),
            ("uber", ""),
            ("🔥", "emoji"),
            ("🔥🚀", "emoji"),
            ("🔥🚀 FIRE", "emoji"),
            ("🚀🔥", ""),
            ("AND", "operators"),
            ("near*", "operators"),
            ("^st", "operators"),
            ("-m", "operators"),
            ("{x}", "operators"),
            ("title:", "operators"),
            ("login OR nope", ""),
            ("nope*", ""),
            ("fire,here", "emoji"),
            ("fi he", "emoji"),
            ("fi nope", ""),
            ("PERCENT sure", "percent"),
            ("'; DROP TABLE tickets; --", ""),
        ];
        foreach (var (search, titles) in cases)
        {
            var got = await desk.TitlesAsync($"?search={Uri.EscapeDataString(search)}");
            Assert.Equal((search, titles), (search, string.Join(',', got)));
        }
    }

    private static Ticket Ticket(
        string title, DateTime createdAt, Category category = Category.general, Status status = Status.open) => new()
        {
            Title = title,
            Description = $"About {title}.",
            Category = category,
            Status = status,
            Sentiment = Sentiment.neutral,
            UrgencyScore = 50,
            Channel = Channel.rest,
            CreatedAt = createdAt,
            UpdatedAt = createdAt,
        };
}
