using System.Net;
using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

public sealed class NegotiationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Every_answer_says_its_version(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        (string Method, string Url, string? Body, (string, string)[] Headers, HttpStatusCode Status)[] requests =
        [
            ("GET", "", null, [], HttpStatusCode.OK),
            ("GET", "$metadata", null, [], HttpStatusCode.OK),
            ("GET", "Tickets", null, [], HttpStatusCode.OK),
            ("GET", "Tickets/$count", null, [], HttpStatusCode.OK),
            ("GET", "Tickets(1)", null, [], HttpStatusCode.OK),
            ("GET", "Tickets(1)", null, [("If-None-Match", "*")], HttpStatusCode.NotModified),
            ("GET", "Tickets(1)/Title", null, [], HttpStatusCode.OK),
            ("GET", "Tickets(1)/Title/$value", null, [], HttpStatusCode.OK),
            ("GET", "Tickets(1)/ResolvedAt", null, [], HttpStatusCode.NoContent),
            ("GET", "Tickets(1)/$ref", null, [], HttpStatusCode.OK),
            ("GET", "Tickets(99)", null, [], HttpStatusCode.NotFound),
            ("GET", "Tickets?$filter=x", null, [], HttpStatusCode.BadRequest),
            ("GET", "Tickets", null, [("Accept", "image/png")], HttpStatusCode.NotAcceptable),
            ("DELETE", "$metadata", null, [], HttpStatusCode.MethodNotAllowed),
            ("PATCH", "Tickets(1)", """{"Status":"open"}""", [("Prefer", "return=minimal")], HttpStatusCode.NoContent),
            ("PATCH", "Tickets(1)", """{"Status":"open"}""", [("If-Match", "W/\"77\"")], HttpStatusCode.PreconditionFailed),
            ("POST", "Tickets", """{"Title":"a","Description":"b","Category":"billing","Priority":"low"}""", [], HttpStatusCode.Created),
        ];
        foreach (var (method, url, body, headers, status) in requests)
        {
            foreach (var (max, version) in new[] { (null, "4.0"), ("4.0", "4.0"), ("4.01", "4.01"), ("5.0", "4.01") })
            {
                using var response = await desk.SendAsync(
                    new HttpMethod(method), $"/odata/{url}", body, max is null ? headers : [.. headers, ("OData-MaxVersion", max)]);
                Assert.True(
                    status == response.StatusCode,
                    $"{method} {url}: {response.StatusCode} {await response.Content.ReadAsStringAsync(Cancel)}");
                Assert.Equal(version, response.Headers.GetValues("OData-Version").Single());
            }
        }
    }

    [Theory, Providers]
    public async Task Versions_that_this_feed_does_not_speak_are_refused(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        foreach (var (name, value) in new[]
        {
            ("OData-MaxVersion", "3.0"),
            ("OData-MaxVersion", "x"),
            ("OData-Version", "3.0"),
            ("OData-Version", "5.0"),
        })
        {
            using var response = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets", (HttpContent?)null, (name, value));
            Assert.Equal(name, (await FeedDesk.ErrorAsync(response, HttpStatusCode.BadRequest))["target"]!.GetValue<string>());
        }
        using var written = await desk.SendAsync(
            HttpMethod.Post,
            "/odata/Tickets",
            """
            {"@type":"#SupportTickets.Ticket","Title":"a","Description":"b","Category":"billing",
            "Priority@type":"#SupportTickets.Priority","Priority":"low"}
            """.ReplaceLineEndings(""),
            ("OData-Version", "4.01"), ("OData-MaxVersion", "4.01"));
        Assert.Equal(HttpStatusCode.Created, written.StatusCode);
        Assert.Contains("\"@etag\":\"W/", await written.Content.ReadAsStringAsync(Cancel));
    }

    [Theory, Providers]
    public async Task Control_information_is_spelled_as_the_version_has_it(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        const string url = "/odata/Tickets?$count=true&$expand=Events";
        var older = await desk.GetAsync(url, ("Prefer", "maxpagesize=2"));
        Assert.Equal(["@odata.context", "@odata.count", "value", "@odata.nextLink"], older.Select(p => p.Key));
        var newer = await desk.GetAsync(url, ("OData-MaxVersion", "4.01"), ("Prefer", "maxpagesize=2"));
        Assert.Equal(["@context", "@count", "value", "@nextLink"], newer.Select(p => p.Key));
        Assert.Equal(3, newer["@count"]!.GetValue<int>());
        Assert.Equal("W/\"1\"", newer["value"]![0]!["@etag"]!.GetValue<string>());
        Assert.DoesNotContain("odata.", newer["value"]!.ToJsonString());
        var next = await desk.GetAsync(newer["@nextLink"]!.GetValue<string>(), ("OData-MaxVersion", "4.01"));
        Assert.Equal(3, next["value"]![0]!["Id"]!.GetValue<int>());
    }

    [Theory, Providers]
    public async Task Accept_and_format_choose_how_much_control_information_there_is(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        foreach (var (prefix, max) in new[] { ("odata.", "4.0"), ("", "4.0"), ("odata.", "4.01"), ("", "4.01") })
        {
            foreach (var (level, control) in new[] { ("none", 0), ("minimal", 1), ("full", 2) })
            {
                var type = $"application/json;{prefix}metadata={level}";
                foreach (var byFormat in new[] { false, true })
                {
                    var url = "/odata/Tickets(1)" + (byFormat ? $"?$format={type}" : "");
                    using var response = await desk.SendAsync(
                        HttpMethod.Get, url, (HttpContent?)null, ("OData-MaxVersion", max), ("Accept", byFormat ? "text/html" : type));
                    var row = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!.AsObject();
                    var at = max == "4.0" ? "@odata." : "@";
                    Assert.Equal(control > 0, row.ContainsKey($"{at}context"));
                    Assert.Equal(control > 1, row.ContainsKey($"{at}id"));
                    var parameter = response.Content.Headers.ContentType!.Parameters.Single(p =>
                        p.Name.EndsWith("metadata", StringComparison.Ordinal));
                    Assert.Equal($"{(max == "4.0" ? "odata." : "")}metadata={level}", parameter.ToString());
                }
            }
        }
        (string Accept, string? Level)[] accepts =
        [
            ("application/json;odata.metadata=none;q=0.5,application/json;odata.metadata=full;q=0.9", "full"),
            ("text/html,application/xml;q=0.9,*/*;q=0.1", "minimal"),
            ("application/*", "minimal"),
            ("text/html", null),
            ("application/json;q=0", null),
            ("application/json;q=0,*/*", null),
            ("application/json;odata.metadata=some", null),
            ("application/json;charset=utf-16", null),
            ("application/json;IEEE754Compatible=true;streaming=false", "minimal"),
            (";;", null),
        ];
        foreach (var (accept, level) in accepts)
        {
            using var response = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets", (HttpContent?)null, ("Accept", accept));
            if (level is null)
                Assert.Equal(
                    "not_acceptable", (await FeedDesk.ErrorAsync(response, HttpStatusCode.NotAcceptable))["code"]!.GetValue<string>());
            else
                Assert.Contains($"odata.metadata={level}", response.Content.Headers.ContentType!.ToString());
        }
        using var refused = await desk.SendAsync(
            HttpMethod.Post, "/odata/Tickets",
            """{"Title":"a","Description":"b","Category":"billing","Priority":"low"}""", ("Accept", "text/html"));
        await FeedDesk.ErrorAsync(refused, HttpStatusCode.NotAcceptable);
        Assert.Equal("1", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
    }

    [Theory, Providers]
    public async Task Rows_of_apply_carry_no_control_information(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        foreach (var apply in new[]
        {
            "aggregate($count as N)",
            "groupby((Status,CreatedOn/Year),aggregate($count as N))",
            "compute(UrgencyScore add 1 as Next)",
        })
        {
            foreach (var level in new[] { "none", "minimal", "full" })
            {
                var page = await desk.GetAsync($"/odata/Tickets?$apply={apply}", ("Accept", $"application/json;odata.metadata={level}"));
                Assert.NotEmpty(page["value"]!.AsArray());
                Assert.DoesNotContain("@odata", page["value"]!.ToJsonString().Replace("@odata.type", "", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task The_metadata_is_XML_or_JSON_as_asked()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite);
        (string Query, string? Accept, string? Type)[] cases =
        [
            ("", null, "application/xml"),
            ("", "*/*", "application/xml"),
            ("", "application/json", "application/json"),
            ("", "application/xml", "application/xml"),
            ("", "application/json;q=0.5,application/xml;q=0.4", "application/json"),
            ("", "text/html", null),
            ("", "application/xml;q=0", null),
            // One header for data and metadata, as Power Query sends it: what asks for JSON asks for data.
            (
                "",
                "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,"
                    + "application/atomsvc+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7",
                "application/xml"),
            ("", "application/json;odata.metadata=minimal", "application/json"),
            ("", "application/json;charset=utf-8,application/xml;q=0.7", "application/json"),
            ("?$format=json", "application/xml", "application/json"),
            ("?$format=xml", "application/json", "application/xml"),
            ("?$format=application/json", null, "application/json"),
            ("?$format=atom", null, null),
        ];
        foreach (var (query, accept, type) in cases)
        {
            using var response = await desk.SendAsync(
                HttpMethod.Get, $"/odata/$metadata{query}", (HttpContent?)null, accept is null ? [] : [("Accept", accept)]);
            if (type is null)
                await FeedDesk.ErrorAsync(response, HttpStatusCode.NotAcceptable);
            else
                Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        }
    }

    [Theory, Providers]
    public async Task The_charset_is_named_to_those_who_named_one(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        foreach (var (accept, charset) in new[]
        {
            ("application/json", null),
            ("*/*", null),
            ("application/json;charset=utf-8", "utf-8"),
            ("application/json;odata.metadata=none;charset=UTF-8", "utf-8"),
        })
        {
            using var response = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets", (HttpContent?)null, ("Accept", accept));
            Assert.Equal(charset, response.Content.Headers.ContentType!.CharSet);
        }
        using var error = await desk.SendAsync(HttpMethod.Get, "/odata/Nope");
        Assert.Null(error.Content.Headers.ContentType!.CharSet);
    }

    [Theory, Providers]
    public async Task Isolation_is_refused_because_it_is_not_offered(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        foreach (var name in new[] { "Isolation", "OData-Isolation" })
        {
            using var response = await desk.SendAsync(
                HttpMethod.Post, "/odata/Tickets",
                """{"Title":"T","Description":"D","Category":"billing","Priority":"low"}""", (name, "snapshot"));
            Assert.Equal(
                "isolation_not_offered",
                (await FeedDesk.ErrorAsync(response, System.Net.HttpStatusCode.PreconditionFailed))["code"]!.GetValue<string>());
        }
        Assert.Empty(await desk.RowsAsync("/odata/Tickets"));
    }
}
