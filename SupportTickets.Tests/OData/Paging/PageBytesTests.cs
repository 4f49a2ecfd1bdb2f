using System.Text;
using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

/// <summary>A page ends by its bytes too (ODATA_MAX_PAGE_BYTES), and the next one goes on right behind it.</summary>
public sealed class PageBytesTests
{
    private const int Limit = 100_000;

    /// <summary>Bytes of the texts of a ticket here.</summary>
    private const int Row = 30_000;

    private const int Count = 13;

    private static readonly (string, string) Small = ("ODATA_MAX_PAGE_BYTES", $"{Limit}");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Long_rows_come_in_pages_of_few_and_each_row_once(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider, settings: [Small]);
        await SeedAsync(desk, Count, Row);
        var all = Enumerable.Range(1, Count).ToList();
        foreach (var (query, expected) in new[]
        {
            ("?$count=true", all),
            ("?$orderby=Description desc", [.. all.AsEnumerable().Reverse()]),
            ("?$select=Id,Description", all),
            ("?$expand=Events", all),
            ("?$select=Id&$expand=Events($select=NewValue)", all),
            ("?$compute=concat(Description,'x') as Long&$select=Id,Long", all),
            ("?$apply=compute(concat(Description,'x') as Long)", all),
            ("?$apply=groupby((Id,Description))", all),
            ("?$apply=orderby(Id desc)", [.. all.AsEnumerable().Reverse()]),
            ("?$top=9&$skip=2", [.. all.Skip(2).Take(9)]),
            ("?$filter=Id gt 2&$top=7", [.. all.Skip(2).Take(7)]),
        })
        {
            var (ids, pages) = await WalkAsync(desk, "/odata/Tickets" + query);
            Assert.Equal(expected, ids);
            Assert.True(pages.Count > 1);
            Assert.All(pages.SkipLast(1), page => Assert.InRange(page, Limit, Limit + (3 * Row)));
        }
    }

    [Theory, Providers]
    public async Task Parts_of_a_concat_end_by_bytes_and_go_on_in_the_right_part(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider, settings: [Small]);
        await SeedAsync(desk, Count, Row);
        var rows = new List<string>();
        var pages = 0;
        for (
            var next = "/odata/Tickets?$apply=concat(groupby((Id,Description)),aggregate($count as N),filter(Id le 9))&$count=true";
            next is not null;
            pages++)
        {
            var page = await desk.GetAsync(next);
            Assert.Equal(Count + 1 + 9, page["@odata.count"]!.GetValue<int>());
            rows.AddRange(page["value"]!.AsArray().Select(row => row!["Id"]?.ToString() ?? $"N{row["N"]}"));
            next = page["@odata.nextLink"]?.GetValue<string>();
        }
        Assert.Equal([.. Enumerable.Range(1, Count).Select(i => $"{i}"), $"N{Count}", .. Enumerable.Range(1, 9).Select(i => $"{i}")], rows);
        Assert.True(pages > 4);
    }

    [Theory, Providers]
    public async Task Changes_are_told_in_pages_that_end_by_bytes_too(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider, settings: [Small]);
        var link = (await desk.GetAsync("/odata/Tickets", ("Prefer", "odata.track-changes")))["@odata.deltaLink"]!.GetValue<string>();
        await SeedAsync(desk, Count, Row);
        var ids = new List<int>();
        for (var pages = 1; ; pages++)
        {
            var page = await desk.GetAsync(link);
            ids.AddRange(page["value"]!.AsArray().Select(row => row!["Id"]!.GetValue<int>()));
            if (page["@odata.nextLink"]?.GetValue<string>() is not { } next)
            {
                Assert.InRange(pages, 3, Count);
                break;
            }
            link = next;
        }
        Assert.Equal(Enumerable.Range(1, Count), ids);
    }

    [Theory, Providers]
    public async Task A_row_above_the_limit_is_a_page_of_its_own(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider, settings: [Small]);
        await SeedAsync(desk, 3, 2 * Limit);
        var (ids, pages) = await WalkAsync(desk, "/odata/Tickets");
        Assert.Equal([1, 2, 3], ids);
        Assert.Equal(3, pages.Count);
    }

    [Theory, Providers]
    public async Task A_page_of_texts_of_a_megabyte_stays_below_what_importers_take(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await SeedAsync(desk, 20, 1_000_000);
        var (ids, pages) = await WalkAsync(desk, "/odata/Tickets");
        Assert.Equal(Enumerable.Range(1, 20), ids);
        Assert.All(pages, page => Assert.InRange(page, 1, 8_000_000));
        Assert.InRange(pages.Count, 4, 10);
    }

    private static async Task<(List<int> Ids, List<int> Pages)> WalkAsync(FeedDesk desk, string url)
    {
        var (ids, pages) = (new List<int>(), new List<int>());
        for (var next = url; next is not null;)
        {
            var text = await desk.Client.GetStringAsync(next, Cancel);
            var page = JsonNode.Parse(text)!;
            var rows = page["value"]!.AsArray();
            Assert.NotEmpty(rows);
            ids.AddRange(rows.Select(row => row!["Id"]!.GetValue<int>()));
            pages.Add(Encoding.UTF8.GetByteCount(text));
            Assert.True(pages.Count <= 30, "The walk does not end.");
            next = page["@odata.nextLink"]?.GetValue<string>();
        }
        return (ids, pages);
    }

    // Half of the bytes of a row are in its description, half in its history.
    private static async Task SeedAsync(FeedDesk desk, int count, int bytes)
    {
        await using var db = desk.Database.Open();
        for (var i = 0; i < count; i++)
        {
            var draft = new NewTicket($"Title {i}", $"{i:00}" + new string('x', bytes), Category.general, Priority.low, Status.open);
            var ticket = TicketLifeCycle.Create(
                draft, new Score(Sentiment.calm, i), ManualClock.Monday.UtcDateTime, new("seed", Channel.web));
            ticket.Events.Add(
                new()
                {
                    Actor = "seed",
                    Field = TicketField.description,
                    At = ManualClock.Monday.UtcDateTime,
                    NewValue = new string('y', bytes),
                });
            db.Add(ticket);
        }
        await db.SaveChangesAsync(Cancel);
    }
}
