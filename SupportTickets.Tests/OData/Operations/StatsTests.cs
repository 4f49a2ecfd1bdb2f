using System.Net;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

public sealed class StatsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Stats_are_the_figures_of_REST_in_one_statement(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        foreach (var count in new[] { 0, 23 })
        {
            await desk.SeedAsync(count);
            var rest = await desk.GetAsync("/api/tickets/stats/");
            foreach (var call in new[] { "Stats()", "Stats", "SupportTickets.Stats()", "SupportTickets.Stats" })
            {
                desk.Forget();
                var stats = await desk.GetAsync($"/odata/Tickets/{call}");
                Assert.Single(desk.Sql);
                Assert.EndsWith("$metadata#SupportTickets.Statistics", stats["@odata.context"]!.GetValue<string>());
                foreach (var (ours, theirs) in new[]
                {
                    ("Total", "total_tickets"),
                    ("Open", "open_tickets"),
                    ("AveragePerDay", "avg_tickets_per_day"),
                    ("AverageUrgencyScore", "avg_urgency_score"),
                })
                    Assert.Equal(rest[theirs]!.GetValue<double>(), stats[ours]!.GetValue<double>());
                foreach (var field in new[] { "Priority", "Category", "Sentiment" })
                    Assert.Equal(
                        rest[$"{field.ToLowerInvariant()}_breakdown"]!.AsObject().Select(p => $"{p.Key} {p.Value}"),
                        stats[$"By{field}"]!.AsArray().Select(row => $"{row![field]} {row["Count"]}"));
                Assert.Equal(
                    ["open", "in_progress", "resolved", "closed"],
                    stats["ByStatus"]!.AsArray().Select(row => row!["Status"]!.GetValue<string>()));
                Assert.Equal(count, stats["ByStatus"]!.AsArray().Sum(row => row!["Count"]!.GetValue<int>()));
            }
        }
    }

    [Theory, Providers]
    public async Task Stats_are_negotiated_like_any_answer_and_given_whole(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        var full = await desk.GetAsync("/odata/Tickets/Stats()?$format=application/json;metadata=full", ("OData-MaxVersion", "4.01"));
        Assert.Equal("#SupportTickets.Statistics", full["@type"]!.GetValue<string>());
        Assert.Equal(
            ["Total", "Open", "AveragePerDay", "AverageUrgencyScore", "ByStatus", "ByPriority", "ByCategory", "BySentiment"],
            (await desk.GetAsync("/odata/Tickets/Stats()?$format=application/json;metadata=none")).Select(p => p.Key));
        using var head = await desk.SendAsync(HttpMethod.Head, "/odata/Tickets/Stats()");
        Assert.Equal((HttpStatusCode.OK, 0), (head.StatusCode, (await head.Content.ReadAsByteArrayAsync(Cancel)).Length));
        using var html = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets/Stats()", (HttpContent?)null, ("Accept", "text/html"));
        await FeedDesk.ErrorAsync(html, HttpStatusCode.NotAcceptable);
        foreach (var wrong in new[] { "Tickets/Stats(x=1)", "Tickets(1)/Stats()", "Events/Stats()", "Tickets/Stats()/Total", "Stats()" })
            await desk.FailAsync($"/odata/{wrong}", HttpStatusCode.NotFound);
        foreach (var notOffered in new[]
        {
            "Tickets/Stats()?$select=Total",
            "Tickets/Stats()?$filter=Total gt 1",
            "Tickets/$filter(Id eq 1)/Stats()",
            "Tickets?$filter=Tickets/Stats()/Total gt 1",
        })
            Assert.True(
                (await desk.Client.GetAsync($"/odata/{notOffered}", Cancel)).StatusCode
                    is HttpStatusCode.NotImplemented
                        or HttpStatusCode.BadRequest,
                notOffered);
    }
}
