using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Options;

/// <summary><c>contains</c> on a text that is searched uses the index of the search, and finds what it found without.</summary>
public sealed class ContainsTests(SharedDesks desks) : IClassFixture<SharedDesks>
{
    private static readonly string[] Titles = ["Straße nach İzmir", "STRASSE", "100 % \\ _off_", "straße", "Ab", "fifty ﬁve", "fifty five"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [CombinedProviders("contains(Title,'raße')", "1,4", true)]
    [CombinedProviders("contains(Title,'RASS')", "2", true)]
    [CombinedProviders("contains(Title,'İzm')", "1", true)]
    [CombinedProviders("contains(Title,'% \\ _o')", "3", true)]
    [CombinedProviders("contains(Title,'ﬁv')", "6", true)]
    [CombinedProviders("Id gt 1 and (contains(Title,'traße') and Status eq 'open')", "4", true)]
    [CombinedProviders("contains(Description,'of 4')", "4", true)]
    [CombinedProviders("contains(Title,'ab')", "", false)]
    [CombinedProviders("contains(Title,'')", "1,2,3,4,5,6,7", false)]
    [CombinedProviders("not contains(Title,'raße')", "2,3,5,6,7", false)]
    [CombinedProviders("contains(Title,'raße') or Id eq 5", "1,4,5", false)]
    [CombinedProviders("contains(Title,'raße') eq false", "2,3,5,6,7", false)]
    [CombinedProviders("contains(tolower(Title),'rasse')", "2", false)]
    [CombinedProviders("contains('a ticket',Title)", "", false)]
    public async Task The_index_finds_what_the_function_finds(Provider provider, string filter, string ids, bool isNarrowed)
    {
        var desk = await desks.OfAsync(provider, SeedAsync);
        desk.Forget();
        var answer = await desk.Client.GetStringAsync($"/odata/Tickets?$select=Id&$filter={Uri.EscapeDataString(filter)}", Cancel);
        Assert.Equal(ids, string.Join(',', JsonNode.Parse(answer)!["value"]!.AsArray().Select(row => row!["Id"]!.ToString())));
        var index = provider == Provider.Postgres ? "ticket_texts" : "ticket_search";
        Assert.Equal(isNarrowed, desk.Sql.Any(sql => sql.Contains($"FROM {index}", StringComparison.Ordinal)));
    }

    private static async Task<FeedDesk> SeedAsync(Provider provider)
    {
        var desk = await FeedDesk.StartAsync(provider);
        foreach (var (number, title) in Titles.Index())
            await desk.Desk.AddTicketAsync(title, $"The text of {number + 1}");
        return desk;
    }
}
