using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData.Apply;

/// <summary>Groups that are read from the totals are the same as those that are counted.</summary>
public sealed class KeptGroupsTests(SharedDesks desks) : IClassFixture<SharedDesks>
{
    private const string Urgency = "UrgencyScore with sum as S,UrgencyScore with average as A";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [CombinedProviders("aggregate($count as N)", true)]
    [CombinedProviders("groupby((Status))", true)]
    [CombinedProviders("groupby((Status),aggregate($count as N))", true)]
    [CombinedProviders($"groupby((Priority,Sentiment,Category),aggregate($count as N,{Urgency}))", true)]
    [CombinedProviders($"aggregate($count as N,{Urgency})", true)]
    [CombinedProviders("filter(Status eq 'open' or Priority gt 'low')/groupby((Category),aggregate($count as N))", true)]
    [CombinedProviders("filter(Status in ('open','in_progress'))/aggregate($count as N)", true)]
    [CombinedProviders("filter(Status eq 'open')/filter(Category eq 'general')/groupby((Status,Category),aggregate($count as N))", true)]
    [CombinedProviders("groupby((CreatedDate),aggregate($count as N))", true)]
    [CombinedProviders("groupby((CreatedOn/Year,CreatedOn/Month),aggregate($count as N))", true)]
    [CombinedProviders("filter(CreatedDate ge 2026-01-03)/groupby((CreatedDate),aggregate($count as N))", true)]
    [CombinedProviders("filter(CreatedOn/Month eq 1)/groupby((CreatedOn/Weekday),aggregate($count as N))", true)]
    [CombinedProviders("groupby((Status),aggregate($count as N))/filter(N gt 3)/orderby(N desc)/top(2)", true)]
    [CombinedProviders("groupby((Status),aggregate($count as N))/aggregate(N with max as M,$count as G)", true)]
    [CombinedProviders("compute(date(CreatedAt) as Day)/groupby((Day),aggregate($count as N))", true)]
    [CombinedProviders("groupby((Status),aggregate(UrgencyScore with max as M))", false)]
    [CombinedProviders("compute(cast(UrgencyScore,Edm.Double) as U)/aggregate(U with sum as S)", false)]
    [CombinedProviders("compute(cast(UrgencyScore,Edm.Decimal) as U)/groupby((Status),aggregate(U with average as A))", false)]
    [CombinedProviders("compute(UrgencyScore as U)/aggregate(U with sum as S)", true)]
    [CombinedProviders("groupby((CreatedDate,Status),aggregate($count as N))", false)]
    [CombinedProviders("groupby((CreatedDate),aggregate(UrgencyScore with sum as S))", false)]
    [CombinedProviders("groupby((Channel),aggregate($count as N))", false)]
    [CombinedProviders("filter(UrgencyScore gt 5)/groupby((Status),aggregate($count as N))", false)]
    [CombinedProviders("filter(contains(Title,'1'))/groupby((Status),aggregate($count as N))", false)]
    [CombinedProviders("filter(Events/any(e:e/Id gt 3))/groupby((Status),aggregate($count as N))", false)]
    [CombinedProviders("search(Ticket)/groupby((Status),aggregate($count as N))", false)]
    [CombinedProviders("top(7)/groupby((Status),aggregate($count as N))", false)]
    [CombinedProviders("groupby((Status),aggregate(Events/$count as N))", false)]
    public async Task The_totals_give_the_groups_that_counting_gives(Provider provider, string apply, bool isKept)
    {
        var desk = await desks.OfAsync(provider, SeedAsync);
        desk.Forget();
        var found = await RowsAsync(desk, "Tickets", apply);
        Assert.Equal(isKept, desk.Sql.Any(sql => sql.Contains("_totals", StringComparison.Ordinal)));
        Assert.NotEqual(isKept, desk.Sql.Any(sql => Regex.IsMatch(sql, "FROM \"?tickets\\b")));
        Assert.NotEmpty(found);

        desk.Forget();
        var counted = apply.StartsWith("top", StringComparison.Ordinal) ? found
            : await RowsAsync(desk, "Tickets", $"filter(Id gt 0)/{apply}");
        Assert.DoesNotContain(desk.Sql, sql => sql.Contains("_totals", StringComparison.Ordinal));
        Assert.Equal(counted, found);
    }

    [Theory, Providers]
    public async Task Without_tickets_there_is_no_group_and_the_sum_is_null(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(5);
        await using (var db = desk.Database.Open())
            await db.Tickets.ExecuteDeleteAsync(Cancel);
        Assert.Empty(await RowsAsync(desk, "Tickets", "groupby((Status),aggregate($count as N))"));
        Assert.Empty(await RowsAsync(desk, "Tickets", "groupby((CreatedDate))"));
        Assert.Equal(
            """{"N@odata.type":"#Decimal","N":0,"S":null,"A":null}""",
            Assert.Single(await RowsAsync(desk, "Tickets", $"aggregate($count as N,{Urgency})")));
    }

    [Theory, Providers]
    public async Task The_tickets_of_somebody_are_counted(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        var asks = await desk.Desk.AddRequesterAsync("Ada");
        await desk.Desk.AddTicketAsync(asks, "One");
        await desk.Desk.AddTicketAsync();
        var row = Assert.Single(await RowsAsync(desk, $"Requesters({asks.Id})/Tickets", "aggregate($count as N)"));
        Assert.Equal("""{"N@odata.type":"#Decimal","N":1}""", row);
    }

    // 40 tickets of a fortnight, of which those that were low and about billing are gone.
    private static async Task<FeedDesk> SeedAsync(Provider provider)
    {
        var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(40);
        await using var db = desk.Database.Open();
        await db.Tickets.Where(t => t.Priority == Priority.low || t.CreatedDate == new DateOnly(2026, 1, 5)).ExecuteDeleteAsync(Cancel);
        return desk;
    }

    private static async Task<List<string>> RowsAsync(FeedDesk desk, string path, string apply)
    {
        var answer = await desk.Client.GetStringAsync($"/odata/{path}?$apply={Uri.EscapeDataString(apply)}", Cancel);
        return [.. JsonNode.Parse(answer)!["value"]!.AsArray().Select(row => row!.ToJsonString())];
    }
}
