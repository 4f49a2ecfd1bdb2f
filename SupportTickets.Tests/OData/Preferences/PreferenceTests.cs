using System.Net;
using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

public sealed class PreferenceTests
{
    private const string Good = """{"Title":"a","Description":"b","Category":"billing","Priority":"low"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task What_the_caller_has_already_is_not_sent_again(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        foreach (var url in new[] { "Tickets(2)", "Tickets/2", "Tickets(2)?$select=Title", "Events(2)/Ticket" })
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
            {
                using var first = await desk.SendAsync(method, $"/odata/{url}");
                Assert.Equal(HttpStatusCode.OK, first.StatusCode);
                var tag = first.Headers.ETag!.ToString();
                Assert.Equal(method == HttpMethod.Head, (await first.Content.ReadAsByteArrayAsync(Cancel)).Length == 0);
                foreach (var match in new[] { tag, tag[2..], "*", $"\"99\", {tag}" })
                {
                    using var again = await desk.SendAsync(method, $"/odata/{url}", (HttpContent?)null, ("If-None-Match", match));
                    Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
                    Assert.Equal(tag, again.Headers.ETag!.ToString());
                    Assert.Empty(await again.Content.ReadAsByteArrayAsync(Cancel));
                }
                using var other = await desk.SendAsync(method, $"/odata/{url}", (HttpContent?)null, ("If-None-Match", "W/\"77\""));
                Assert.Equal(HttpStatusCode.OK, other.StatusCode);
            }
        }
        using var malformed = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets(1)", (HttpContent?)null, ("If-None-Match", "1"));
        Assert.Equal("If-None-Match", (await FeedDesk.ErrorAsync(malformed, HttpStatusCode.BadRequest))["target"]!.GetValue<string>());
    }

    [Theory, Providers]
    public async Task HEAD_answers_as_GET_without_a_body(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        foreach (var url in new[] { "", "$metadata", "Tickets", "Tickets/$count", "Tickets(1)", "Tickets(99)" })
        {
            using var get = await desk.SendAsync(HttpMethod.Get, $"/odata/{url}");
            using var head = await desk.SendAsync(HttpMethod.Head, $"/odata/{url}");
            Assert.Equal(get.StatusCode, head.StatusCode);
            Assert.Equal(get.Content.Headers.ContentType?.ToString(), head.Content.Headers.ContentType?.ToString());
            Assert.Equal(get.Headers.ETag?.ToString(), head.Headers.ETag?.ToString());
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancel));
        }
    }

    [Theory, Providers]
    public async Task A_write_is_answered_with_or_without_the_ticket_as_preferred(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        using var created = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets", Good, ("Prefer", "return=minimal"));
        Assert.Equal(HttpStatusCode.NoContent, created.StatusCode);
        Assert.Equal("http://localhost/odata/Tickets(1)", created.Headers.GetValues("OData-EntityId").Single());
        Assert.Equal("http://localhost/odata/Tickets(1)", created.Headers.Location!.ToString());
        Assert.Equal("return=minimal", created.Headers.GetValues("Preference-Applied").Single());
        Assert.Equal("W/\"1\"", created.Headers.ETag!.ToString());
        Assert.Equal("a", (await desk.GetAsync(created.Headers.Location.ToString()))["Title"]!.GetValue<string>());

        foreach (var (prefer, status, applied) in new[]
        {
            ("return=minimal", HttpStatusCode.NoContent, "return=minimal"),
            ("return=representation", HttpStatusCode.OK, "return=representation"),
            ("respond-async, Return=\"minimal\"; x=y", HttpStatusCode.NoContent, "return=minimal"),
            ("return=representation,return=minimal", HttpStatusCode.OK, "return=representation"),
            ("return=something", HttpStatusCode.OK, null),
        })
        {
            var before = (await desk.GetAsync("/odata/Tickets(1)"))["Version"]!.GetValue<int>();
            using var changed = await desk.SendAsync(
                HttpMethod.Patch, "/odata/Tickets(1)", $$"""{"Title":"{{before}}"}""", ("Prefer", prefer));
            Assert.Equal(status, changed.StatusCode);
            Assert.Equal(applied, changed.Headers.TryGetValues("Preference-Applied", out var values) ? values.Single() : null);
            Assert.Equal($"W/\"{before + 1}\"", changed.Headers.ETag!.ToString());
            Assert.Equal(status == HttpStatusCode.NoContent, (await changed.Content.ReadAsByteArrayAsync(Cancel)).Length == 0);
        }
    }

    [Theory, Providers]
    public async Task Properties_without_a_value_are_left_out_when_preferred(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        foreach (var url in new[]
        {
            "Tickets", "Tickets?$select=Id,ResolvedAt,ResolutionMinutes",
            "Tickets?$expand=Events", "Tickets?$apply=groupby((Id,ResolvedAt,ResolutionMinutes))",
        })
        {
            using var response = await desk.SendAsync(
                HttpMethod.Get, $"/odata/{url}", (HttpContent?)null, ("Prefer", "omit-values=nulls, odata.maxpagesize=50"));
            Assert.Equal("odata.maxpagesize=50, omit-values=nulls", response.Headers.GetValues("Preference-Applied").Single());
            var text = await response.Content.ReadAsStringAsync(Cancel);
            Assert.DoesNotContain(":null", text.Replace("\"@odata.id\":null", ""));
            var rows = JsonNode.Parse(text)!["value"]!.AsArray();
            Assert.False(rows[0]!.AsObject().ContainsKey("ResolvedAt"));
            Assert.True(rows[1]!.AsObject().ContainsKey("ResolvedAt"));
            Assert.Contains(":null", await desk.Client.GetStringAsync($"/odata/{url}", Cancel));
        }
        using var one = await desk.SendAsync(
            HttpMethod.Get, "/odata/Tickets(1)", (HttpContent?)null, ("Prefer", "odata.omit-values=nulls"));
        Assert.Equal("omit-values=nulls", one.Headers.GetValues("Preference-Applied").Single());
        Assert.DoesNotContain("ResolvedAt\":null", await one.Content.ReadAsStringAsync(Cancel));
        var newer = await desk.SendAsync(
            HttpMethod.Get, "/odata/Tickets", (HttpContent?)null, ("Prefer", "maxpagesize=1"), ("OData-MaxVersion", "4.01"));
        Assert.Equal("maxpagesize=1", newer.Headers.GetValues("Preference-Applied").Single());
    }
}
