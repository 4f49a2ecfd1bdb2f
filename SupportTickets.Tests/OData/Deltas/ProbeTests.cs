using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Deltas;

public sealed class ProbeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Probe(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(4);
        var output = TestContext.Current.TestOutputHelper!;
        foreach (var version in new[] { "4.0", "4.01" })
        {
            foreach (var query in new[] { "?$filter=Status eq 'open'&$select=Title", "?$select=Id,Title&$expand=Events($select=Id)" })
            {
                var first = await desk.GetAsync("/odata/Tickets" + query, ("Prefer", "track-changes"), ("OData-MaxVersion", version));
                var link = (first["@odata.deltaLink"] ?? first["@deltaLink"])?.GetValue<string>();
                output.WriteLine($"{version} {query} {link} {first["@odata.context"] ?? first["@context"]}");
                if (link is null) continue;
                using var made = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets", """{"Title":"new","Description":"d","Category":"billing","Priority":"low"}""");
                using var made2 = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets", """{"Title":"new2","Description":"d","Category":"billing","Priority":"low","Status":"closed"}""");
                using var gone = await desk.SendAsync(HttpMethod.Delete, made.Headers.Location!.ToString());
                output.WriteLine(((int)gone.StatusCode).ToString());
                using var made3 = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets", """{"Title":"new3","Description":"d","Category":"billing","Priority":"low"}""");
                foreach (var level in new[] { "none", "minimal", "full" })
                {
                    desk.Forget();
                    using var delta = await desk.SendAsync(HttpMethod.Get, link, (HttpContent?)null, ("OData-MaxVersion", version), ("Accept", $"application/json;odata.metadata={level}"));
                    output.WriteLine(level + " " + (int)delta.StatusCode + " " + delta.Content.Headers.ContentType + " " + await delta.Content.ReadAsStringAsync(Cancel));
                    if (level == "full") foreach (var sql in desk.Sql) output.WriteLine(sql);
                }
                output.WriteLine(await desk.Client.GetStringAsync(link.Replace("/Tickets?", "/Tickets/$count?"), Cancel));
            }
        }
    }
}
