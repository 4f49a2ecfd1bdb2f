using System.Net;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Batch;

namespace SupportTickets.Tests.OData;

/// <summary>What an answer says to caches: which headers it goes by, and that they ask before they use it again.</summary>
public sealed class VaryTests
{
    private static readonly string[] OfFeed = ["OData-MaxVersion", "Prefer", "Accept"];
    private static readonly string[] OfCredential = ["Authorization", "Cookie"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // OData 4.01, 8.3, Vary; a 304 has what the 200 would have had (RFC 9110, 15.4.5).
    [Theory, Providers]
    public async Task Every_answer_of_the_feed_names_the_headers_that_it_goes_by(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        foreach (var (method, url, header, status) in new[]
        {
            ("GET", "", null, HttpStatusCode.OK),
            ("GET", "$metadata", null, HttpStatusCode.OK),
            ("GET", "Tickets", null, HttpStatusCode.OK),
            ("GET", "Tickets?$format=application/json;metadata=full", null, HttpStatusCode.OK),
            ("GET", "Tickets?$apply=groupby((Status))", null, HttpStatusCode.OK),
            ("GET", "Tickets/$count", null, HttpStatusCode.OK),
            ("GET", "Tickets/$ref", null, HttpStatusCode.OK),
            ("GET", "Tickets(1)", null, HttpStatusCode.OK),
            ("HEAD", "Tickets(1)", null, HttpStatusCode.OK),
            ("GET", "Tickets(1)/Title", null, HttpStatusCode.OK),
            ("GET", "Tickets(1)/Title/$value", null, HttpStatusCode.OK),
            ("GET", "Tickets(1)/ResolvedAt", null, HttpStatusCode.NoContent),
            ("GET", "Tickets/Stats()", null, HttpStatusCode.OK),
            ("GET", "Tickets(1)", "If-None-Match: *", HttpStatusCode.NotModified),
            ("GET", "Tickets(99)", null, HttpStatusCode.NotFound),
            ("GET", "Tickets?$filter=x", null, HttpStatusCode.BadRequest),
            ("GET", "Tickets", "Accept: image/png", HttpStatusCode.NotAcceptable),
            ("GET", "Tickets", "OData-MaxVersion: 3.0", HttpStatusCode.BadRequest),
            ("PUT", "$metadata", null, HttpStatusCode.MethodNotAllowed),
            ("GET", "Tickets", "Authorization: Bearer none", HttpStatusCode.Unauthorized),
            ("DELETE", "Tickets(3)", null, HttpStatusCode.NoContent),
        })
        {
            (string, string)[] headers = header?.Split(": ") is [var name, var value] ? [(name, value)] : [];
            using var answer = await desk.SendAsync(new(method), $"/odata/{url}", (HttpContent?)null, headers);
            Assert.True(status == answer.StatusCode, $"{method} {url}: {answer.StatusCode}");
            Assert.True(Vary(answer).IsSupersetOf([.. OfFeed, .. OfCredential]), $"{method} {url}: {string.Join(", ", Vary(answer))}");
            Assert.Equal(answer.Headers.Vary.Count, Vary(answer).Count);
        }
        using var compressed = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets", (HttpContent?)null, ("Accept-Encoding", "gzip"));
        Assert.Equal("gzip", compressed.Content.Headers.ContentEncoding.Single());
        Assert.True(Vary(compressed).IsSupersetOf([.. OfFeed, .. OfCredential, "Accept-Encoding"]));
    }

    [Theory, Providers]
    public async Task The_parts_of_a_batch_name_the_headers_that_they_go_by(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        foreach (var json in new[] { true, false })
        {
            var parts = await desk.BatchAsync(
                json, [Part.Get("1", "Tickets(1)"), Part.Get("2", "Tickets(9)"), Part.Get("3", "Tickets(1)", ("If-None-Match", "*"))],
                ("Prefer", "continue-on-error"));
            Assert.Equal([200, 404, 304], parts.Select(part => part.Status));
            Assert.All(
                parts,
                part =>
                    Assert.Subset(
                        part.Headers.Single(h => h.Key.Equals("Vary", StringComparison.OrdinalIgnoreCase)).Value.Split(", ").ToHashSet(),
                        OfFeed.ToHashSet()));
        }
    }

    // RFC 9110, 8.8.1 and 13.1.2: the weak tag names the version of the ticket, which is the same in all of its representations.
    [Theory, Providers]
    public async Task A_version_that_is_known_is_304_in_any_representation(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        var tag = (await desk.GetAsync("/odata/Tickets(1)"))["@odata.etag"]!.GetValue<string>();
        Assert.StartsWith("W/", tag);
        foreach (var (url, accept) in new[]
        {
            ("Tickets(1)", "application/json;odata.metadata=full"),
            ("Tickets(1)?$select=Title", "application/json"),
            ("Tickets(1)/Title/$value", "text/plain"),
        })
        {
            using var answer = await desk.SendAsync(
                HttpMethod.Get, $"/odata/{url}", (HttpContent?)null, ("Accept", accept), ("If-None-Match", tag));
            Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
            Assert.Equal(tag, answer.Headers.ETag!.ToString());
        }
    }

    [Theory, Providers]
    public async Task What_an_open_desk_shows_to_everybody_is_asked_for_again_before_it_is_used_again(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        foreach (var url in new[]
        {
            "/odata/Tickets",
            "/odata/Tickets(1)",
            "/odata/Tickets(1)/Title/$value",
            "/odata/$metadata",
            "/api/tickets/",
            "/api/tickets/1/",
            "/api/tickets/stats/",
            "/tickets",
            "/tickets/1",
        })
        {
            using var answer = await desk.Client.GetAsync(url, Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(answer.Headers.CacheControl is { NoCache: true } or { NoStore: true }, url);
            Assert.True(
                Vary(answer).IsSupersetOf(url.StartsWith("/api", StringComparison.Ordinal) ? [.. OfCredential, "Accept"] : OfCredential),
                $"{url}: {string.Join(", ", Vary(answer))}");
        }
    }

    private static HashSet<string> Vary(HttpResponseMessage answer) => new(answer.Headers.Vary, StringComparer.OrdinalIgnoreCase);
}
