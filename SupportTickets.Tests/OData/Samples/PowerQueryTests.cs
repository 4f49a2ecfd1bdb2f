using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Batch;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

/// <summary>
/// What Excel and Power BI send for OData.Feed. User-Agent, Accept and the escaping of addresses are as Microsoft's
/// documentation of Power Query shows them (query diagnostics, authentication of data sources); version and preference follow
/// from the options that the desk's own files set: ODataVersion=4, OmitValues=ODataOmitValues.Nulls.
/// </summary>
public sealed class PowerQueryTests
{
    private const string Accept =
        "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,application/atomsvc+xml;q=0.8,"
            + "application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7";

    private const int Count = 1100; // more than a page

    private static readonly (string Name, string Value)[] Common =
    [
        ("User-Agent", "Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)"),
        ("OData-MaxVersion", "4.0"),
        ("Accept-Language", "en-US, en"),
    ];

    private static readonly (string Name, string Value)[] Data = [.. Common, ("Accept", Accept), ("Prefer", "omit-values=nulls")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task The_navigator_shows_the_sets_with_their_types(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        foreach (var root in new[] { "/odata", "/odata/" })
        {
            var service = await desk.GetAsync(root, Data);
            Assert.EndsWith("/odata/$metadata", service["@odata.context"]!.GetValue<string>());
            Assert.Contains("Tickets", service["value"]!.AsArray().Select(set => set!["url"]!.GetValue<string>()));
        }
        foreach (var accept in new[] { "application/xml", Accept })
        {
            using var response = await desk.SendAsync(
                HttpMethod.Get, "/odata/$metadata", (HttpContent?)null, [.. Common, ("Accept", accept)]);
            Assert.Equal("application/xml", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal("4.0", response.Headers.GetValues("OData-Version").Single());
            var schema = XDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
            Assert.Equal("4.0", schema.Root!.Attribute("Version")!.Value);
            Assert.Contains(
                schema.Descendants().Where(e => e.Name.LocalName == "EntitySet"),
                set => set.Attribute("EntityType")!.Value == "SupportTickets.Ticket");
        }
    }

    [Theory, Providers]
    public async Task A_preview_has_a_thousand_rows_and_a_refresh_has_all_each_once(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(Count);
        var preview = await desk.GetAsync("/odata/Tickets?$top=1000", Data);
        Assert.Equal(Enumerable.Range(1, 1000), preview["value"]!.AsArray().Select(row => row!["Id"]!.GetValue<int>()));
        Assert.False(preview.ContainsKey("@odata.nextLink"));

        var rows = new List<JsonObject>();
        var requests = 0;
        for (string? next = "/odata/Tickets"; next is not null; requests++)
        {
            using var response = await desk.SendAsync(HttpMethod.Get, next, (HttpContent?)null, Data);
            // Else each null is asked for again.
            Assert.Equal("omit-values=nulls", response.Headers.GetValues("Preference-Applied").Single());
            var page = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!.AsObject();
            rows.AddRange(page["value"]!.AsArray().Select(row => row!.AsObject()));
            next = page["@odata.nextLink"]?.GetValue<string>();
        }
        Assert.Equal(2, requests);
        Assert.Equal(Enumerable.Range(1, Count), rows.Select(row => row["Id"]!.GetValue<int>()));
        await using var db = desk.Database.Open();
        Assert.Equal(await db.Tickets.CountAsync(t => t.ResolvedAt == null, Cancel), rows.Count(row => !row.ContainsKey("ResolvedAt")));
        Assert.DoesNotContain(rows, row => row.Any(property => property.Value is null));
    }

    [Theory, Providers]
    public async Task Steps_that_fold_are_answered_by_the_feed(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(60);
        await using var db = desk.Database.Open();
        var tickets = await db.Tickets.AsNoTracking().Include(t => t.Events).OrderBy(t => t.Id).ToListAsync(Cancel);
        var day = new DateOnly(2026, 1, 5);
        var open = tickets.Where(t => t.Status == Status.open && t.UrgencyScore > 20).ToList();

        Assert.Equal(
            open.Select(t => $"{t.Id} {t.Title}"),
            await RowsAsync("?$filter=Status%20eq%20SupportTickets.Status%27open%27%20and%20UrgencyScore%20gt%2020&$select=Id%2CTitle"));
        Assert.Equal(
            open.Select(t => $"{t.Id} {t.Title}"), await RowsAsync("?$filter=Status eq 'open' and UrgencyScore gt 20&$select=Id%2CTitle"));
        Assert.Equal(
            tickets.Where(t => t.CreatedDate >= day).Select(t => $"{t.Id} {t.Title}"),
            await RowsAsync("?$filter=CreatedDate%20ge%202026-01-05&$select=Id%2CTitle"));
        Assert.Equal(
            tickets
                .Where(t => t.CreatedAt.Year == 2026 && t.Title.StartsWith("Ticket 1", StringComparison.Ordinal))
                .Select(t => $"{t.Id} {t.Title}"),
            await RowsAsync("?$filter=year(CreatedAt)%20eq%202026%20and%20startswith(Title%2C%27Ticket%201%27)&$select=Id%2CTitle"));
        Assert.Equal(
            tickets.OrderByDescending(t => t.UrgencyScore).ThenBy(t => t.Id).Skip(3).Take(5).Select(t => $"{t.Id} {t.Title}"),
            await RowsAsync("?$orderby=UrgencyScore%20desc%2CId&$select=Id%2CTitle&$skip=3&$top=5"));

        var groups = (await desk.GetAsync(
            "/odata/Tickets?$apply=filter(UrgencyScore%20gt%2020)%2Fgroupby((Status%2CPriority)%2C"
                + "aggregate(%24count%20as%20Count%2CUrgencyScore%20with%20average%20as%20Average))",
            Data))["value"]!.AsArray();
        Assert.Equal(
            tickets
                .Where(t => t.UrgencyScore > 20)
                .GroupBy(t => (t.Status, t.Priority))
                .Select(g => $"{g.Key.Status} {g.Key.Priority} {g.Count()} {g.Average(t => t.UrgencyScore):F6}")
                .Order(StringComparer.Ordinal),
            groups
                .Select(g => $"{g!["Status"]} {g["Priority"]} {g["Count"]} {g["Average"]!.GetValue<double>():F6}")
                .Order(StringComparer.Ordinal));
        // A column of numbers, not of any type.
        Assert.All(groups, g => Assert.Equal("#Decimal", g!["Count@odata.type"]!.GetValue<string>()));
        Assert.Equal(4, (await desk.GetAsync("/odata/Tickets?$apply=groupby((Category))", Data))["value"]!.AsArray().Count);

        using var count = await desk.SendAsync(
            HttpMethod.Get, "/odata/Tickets/$count?$filter=Status%20eq%20%27open%27", (HttpContent?)null, Data);
        Assert.Equal(tickets.Count(t => t.Status == Status.open).ToString(), await count.Content.ReadAsStringAsync(Cancel));
        var expanded = await desk.GetAsync("/odata/Tickets?$select=Id&$expand=Events($select=Field%2CNewValue)&$top=1000", Data);
        Assert.Equal(
            tickets.Select(t => t.Events.Count), expanded["value"]!.AsArray().Select(row => row!["Events"]!.AsArray().Count));

        async Task<List<string>> RowsAsync(string query) =>
            [.. (await desk.GetAsync($"/odata/Tickets{query}", Data))["value"]!.AsArray().Select(row => $"{row!["Id"]} {row["Title"]}")];
    }

    // EnableBatch: a query that is longer than MaxUriLength goes as the one part of a batch.
    [Theory, Providers]
    public async Task A_query_too_long_for_an_address_goes_in_a_batch(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(60);
        var filter = string.Join("%20or%20", Enumerable.Range(1, 90).Select(n => $"Title%20eq%20%27Ticket%20{n * 2}%27"));
        var url = $"http://localhost/odata/Tickets?$filter={filter}&$select=Id%2CTitle";
        Assert.InRange(url.Length, 2049, 8000);
        var body = "--batch_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
            + $"GET {url} HTTP/1.1\r\n{string.Concat(Data.Select(h => $"{h.Name}: {h.Value}\r\n"))}\r\n\r\n--batch_1--\r\n";
        using var response = await desk.SendAsync(
            HttpMethod.Post, "/odata/$batch", BatchCalls.Content(body, "multipart/mixed; boundary=batch_1"),
            [.. Common, ("Accept", "multipart/mixed")]);
        var answer = Assert.Single(await BatchCalls.AnswersAsync(response));
        Assert.Equal((int)HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            Enumerable.Range(1, 29).Select(n => $"Ticket {n * 2}"),
            answer.Json["value"]!.AsArray().Select(row => row!["Title"]!.GetValue<string>()));
    }
}
