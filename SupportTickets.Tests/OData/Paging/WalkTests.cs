using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OData.Edm;
using SupportTickets.Access.People;
using SupportTickets.Configuration;
using SupportTickets.OData.Model;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using Xunit.Sdk;
using Xunit.v3;

namespace SupportTickets.Tests.OData;

/// <summary>
/// What a walk by nextLink promises while people work: a ticket that was there when it began, and whose sort value
/// nobody changes, comes exactly once and in its place; one that is created meanwhile comes at most once.
/// </summary>
public sealed class WalkTests(SharedDesks desks) : IClassFixture<SharedDesks>
{
    // A large page is one of more rows than the desk gives by itself.
    private const int UsualPage = 100, LargePage = 120;

    private static readonly DateTime Now = new(2026, 3, 4, 10, 30, 0, DateTimeKind.Utc);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, ProvidersAndProperties]
    public async Task A_walk_gives_what_was_there_exactly_once_while_tickets_are_created_and_changed(Provider provider, string property)
    {
        var (desk, clock) = await SeededAsync(provider, tickets: 26);
        foreach (var order in new[] { property, $"{property} desc" })
        {
            foreach (var pageSize in new[] { 3, 10 })
            {
                var url = $"/odata/Tickets?$select=Id,{property}&$orderby={order}";
                var before = await OnePageAsync(desk, url);
                var (walked, created) = await WalkAsync(desk, url, pageSize, async page =>
                {
                    MoveClock(clock, page);
                    if (page % 4 == 1) await ToggleAsync(desk, before[page * 37 % before.Count].Id);
                    return page % 4 == 1 ? await CreateAsync(desk, page) : null;
                });
                var after = (await OnePageAsync(desk, url)).ToDictionary(row => row.Id, row => row.Value);
                var steady = before.Where(row => after[row.Id] == row.Value).Select(row => row.Id).ToHashSet();
                Assert.True(created.Count > 0 && steady.Count > 0);
                Assert.Equal(before.Select(row => row.Id).Where(steady.Contains), walked.Where(steady.Contains));
                Assert.All(created, id => Assert.True(walked.Count(other => other == id) <= 1));
                Assert.Subset(after.Keys.ToHashSet(), walked.ToHashSet());
            }
        }
    }

    [Theory, Providers]
    public async Task Large_pages_give_every_ticket_once_in_the_order_of_any_property(Provider provider)
    {
        var (desk, clock) = await SeededAsync(provider, tickets: LargePage + 3);
        var there = (await WalkAsync(desk, "/odata/Tickets?$select=Id", LargePage, _ => Task.FromResult<int?>(null))).Walked;
        Assert.Equal(LargePage + 3, there.Count);
        var step = 0;
        foreach (var order in Properties().SelectMany(p => new[] { p, $"{p} desc" }))
        {
            var (walked, created) = await WalkAsync(desk, $"/odata/Tickets?$select=Id&$orderby={order}", LargePage, async _ =>
            {
                MoveClock(clock, ++step);
                return await CreateAsync(desk, step);
            });
            Assert.Equal(there, walked.Except(created).Order());
            Assert.Equal(walked.Count, walked.Distinct().Count());
            there.AddRange(created);
        }
    }

    // The desk of the class, with no other tickets than these and the clock set back.
    private async Task<(FeedDesk Desk, ManualClock Clock)> SeededAsync(Provider provider, int tickets)
    {
        var desk = await desks.OfAsync(
            provider, p => FeedDesk.StartAsync(p, new ManualClock(Now), settings: ("ODATA_PAGE_SIZE", $"{UsualPage}")));
        var clock = (ManualClock)desk.Services.GetRequiredService<TimeProvider>();
        clock.Advance(Now - clock.GetUtcNow());
        await using var db = desk.Database.Open();
        await db.Tickets.ExecuteDeleteAsync(Cancel);
        await db.Set<Person>().ExecuteDeleteAsync(Cancel);
        await desk.SeedManyAsync(tickets, Now);
        await desk.AssignSomeAsync();
        return (desk, clock);
    }

    // What came in by the feed: page after page, with something happening before the next one is asked for.
    private static async Task<(List<int> Walked, List<int> Created)> WalkAsync(
        FeedDesk desk, string url, int pageSize, Func<int, Task<int?>> happens)
    {
        var (walked, created) = (new List<int>(), new List<int>());
        var page = 0;
        for (var next = url; next is not null;)
        {
            var answer = await desk.GetAsync(next, ("Prefer", $"odata.maxpagesize={pageSize}"));
            var rows = answer["value"]!.AsArray();
            next = answer["@odata.nextLink"]?.GetValue<string>();
            Assert.True(next is null ? rows.Count <= pageSize : rows.Count == pageSize);
            walked.AddRange(rows.Select(row => row!["Id"]!.GetValue<int>()));
            Assert.True(++page < 500, "The walk does not end.");
            if (next is not null && await happens(page) is { } id)
                created.Add(id);
        }
        return (walked, created);
    }

    private static async Task<List<(int Id, string? Value)>> OnePageAsync(FeedDesk desk, string url)
    {
        var answer = await desk.GetAsync(url, ("Prefer", "maxpagesize=10000"));
        Assert.False(answer.ContainsKey("@odata.nextLink"));
        return [.. answer["value"]!.AsArray().Select(row => (row!["Id"]!.GetValue<int>(), Value(row)))];
    }

    private static string? Value(JsonNode row) => row.AsObject().Last().Value?.ToJsonString();

    // Anywhere in the year that the tickets are from, so that new ones fall among the old.
    private static void MoveClock(ManualClock clock, int step) =>
        clock.Advance(Now.AddDays(-(step * 53 % 360)).AddSeconds(step) - clock.GetUtcNow());

    private static async Task<int?> CreateAsync(FeedDesk desk, int step)
    {
        var (letter, status) = ((char)('A' + (step % 26)), step % 2 == 0 ? "closed" : "open");
        using var response = await desk.SendAsync(
            HttpMethod.Post,
            "/odata/Tickets",
            $$"""{"Title":"{{letter}} new","Description":"{{step}}","Category":"technical","Priority":"medium","Status":"{{status}}"}""");
        Assert.True(response.IsSuccessStatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!["Id"]!.GetValue<int>();
    }

    private static async Task ToggleAsync(FeedDesk desk, int id)
    {
        var status = await desk.Client.GetStringAsync($"/odata/Tickets({id})/Status/$value", Cancel);
        using var response = await desk.SendAsync(
            HttpMethod.Patch, $"/odata/Tickets({id})", $$"""{"Status":"{{(status is "open" or "in_progress" ? "resolved" : "open")}}"}""");
        Assert.True(response.IsSuccessStatusCode);
    }

    private static IEnumerable<string> Properties() =>
        ((IEdmEntityType)FeedModel.Create(new FeedLimits()).FindDeclaredType($"{FeedModel.Namespace}.Ticket"))
            .StructuralProperties()
            .Select(p => p.Name);

    /// <summary>Every property of a ticket that $metadata has, on each database.</summary>
    private sealed class ProvidersAndPropertiesAttribute : DataAttribute
    {
        public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
            new([
                .. Properties()
                    .SelectMany(property =>
                        Enum.GetValues<Provider>().Select(provider => new TheoryDataRow<Provider, string>(provider, property))),
            ]);

        public override bool SupportsDiscoveryEnumeration() => true;
    }
}
