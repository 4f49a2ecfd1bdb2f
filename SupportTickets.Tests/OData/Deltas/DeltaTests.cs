using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Batch;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.Tests.OData.Deltas;

public sealed class DeltaTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_delta_link_tells_what_came_what_changed_and_what_went_and_leads_on(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(5); // open are 1 and 4
        var all = new Copy(desk);
        var open = new Copy(desk, "$filter=Status eq 'open'&$select=Title");
        await all.PullAsync();
        await open.PullAsync();
        await all.FollowAsync();
        Assert.Empty(all.Told);

        await CreateAsync(desk, "New"); // 6
        await CreateAsync(desk, "Gone again"); // 7
        await SendAsync(desk, HttpMethod.Delete, "Tickets(7)");
        await SendAsync(desk, HttpMethod.Patch, "Tickets(1)", """{"Status":"closed"}""");
        await SendAsync(desk, HttpMethod.Patch, "Tickets(2)", """{"Status":"open"}""");
        await SendAsync(desk, HttpMethod.Patch, "Tickets(3)", """{"Title":"Other"}""");
        await SendAsync(desk, HttpMethod.Delete, "Tickets(4)");
        await all.FollowAsync();
        await open.FollowAsync();

        Assert.Equal(["1", "2", "3", "6", "4 deleted", "7 deleted"], all.Told);
        Assert.Equal(["2", "6", "1 changed", "3 changed", "4 deleted", "7 deleted"], open.Told);
        Assert.Equal([2, 6], open.Ids);
        Assert.All(open.Rows, row => Assert.Equal(["@odata.etag", "Id", "Title"], JsonNode.Parse(row)!.AsObject().Select(p => p.Key)));
        foreach (var copy in new[] { all, open })
        {
            Assert.Equal(await copy.FreshAsync(), copy.Rows);
            await copy.FollowAsync();
            Assert.Empty(copy.Told);
        }
    }

    [Theory, Providers]
    public async Task Removed_entities_are_written_as_the_version_has_it_at_every_level(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        var link = await LinkAsync(desk, "$filter=Status eq 'open'&$select=Id");
        await SendAsync(desk, HttpMethod.Patch, "Tickets(1)", """{"Status":"closed"}""");
        await SendAsync(desk, HttpMethod.Delete, "Tickets(2)");
        const string context = "http://localhost/odata/$metadata#Tickets", set = "http://localhost/odata/Tickets";
        foreach (var level in new[] { "none", "minimal", "full" })
        {
            var (older, type) = await AtAsync("4.0", level);
            Assert.Equal(level == "none" ? "minimal" : level, type); // the context of what is removed has to be there (JSON Format, 15.3)
            Assert.Equal($"{context}(Id)/$delta", older["@odata.context"]!.GetValue<string>());
            string[] expected = ["changed", "deleted"];
            Assert.Equal(
                expected.Select((reason, i) =>
                    $$"""{"@odata.context":"{{context}}/$deletedEntity","id":"{{set}}({{i + 1}})","reason":"{{reason}}"}"""),
                Texts(older));

            (var newer, type) = await AtAsync("4.01", level);
            Assert.Equal(level, type);
            Assert.Equal(level == "none" ? null : $"{context}(Id)/$delta", newer["@context"]?.GetValue<string>());
            Assert.Equal(
                expected.Select((reason, i) => $"{{\"@removed\":{{\"reason\":\"{reason}\"}}" + level switch
                {
                    "none" => "",
                    "minimal" => $",\"@id\":\"{set}({i + 1})\"",
                    _ => $",\"@id\":\"{set}({i + 1})\",\"@editLink\":\"Tickets({i + 1})\"",
                } + $",\"Id\":{i + 1}}}"),
                Texts(newer));
        }

        async Task<(JsonObject Body, string Level)> AtAsync(string version, string level)
        {
            using var response = await desk.SendAsync(
                HttpMethod.Get, link, (HttpContent?)null, ("OData-MaxVersion", version), ("Accept", $"application/json;metadata={level}"));
            Assert.Equal(version, response.Headers.GetValues("OData-Version").Single());
            var type = response.Content.Headers.ContentType!.Parameters
                .Single(p => p.Name.EndsWith("metadata", StringComparison.Ordinal))
                .Value!;
            return (JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!.AsObject(), type);
        }

        static IEnumerable<string> Texts(JsonObject body) => body["value"]!.AsArray().Select(row => row!.ToJsonString());
    }

    [Theory, Providers]
    public async Task Only_the_preference_begins_it_and_the_answer_says_whether_it_is_met(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(5);
        foreach (var (prefer, version, applied) in new[]
        {
            ("odata.track-changes", "4.0", "odata.track-changes"),
            ("track-changes", "4.0", "odata.track-changes"),
            ("track-changes", "4.01", "track-changes"),
            ("track-changes, maxpagesize=9", "4.01", "track-changes, maxpagesize=9"),
            ("maxpagesize=9", "4.01", "maxpagesize=9"),
        })
        {
            var (body, met) = await GetAsync(desk, "/odata/Tickets?$count=true", prefer, version);
            Assert.Equal(applied, met);
            Assert.Equal(prefer.Contains("track"), body.ContainsKey(version == "4.0" ? "@odata.deltaLink" : "@deltaLink"));
        }
        string[] untracked =
        [
            "Tickets?$top=3",
            "Tickets?$skip=1",
            "Tickets?$apply=groupby((Status))",
            "Tickets?$filter=CreatedAt lt now()",
            "Tickets?$compute=now() as Now&$select=Id,Now",
            "Tickets?$expand=Events",
            "Events",
            "Tickets(1)/Events",
            "Tickets(1)",
            "Tickets/$ref",
            "Events(1)/Ticket",
        ];
        foreach (var url in untracked)
        {
            var (body, met) = await GetAsync(desk, $"/odata/{url}", "track-changes", "4.0");
            Assert.Null(met);
            Assert.False(body.ContainsKey("@odata.deltaLink"));
        }
        foreach (var query in new[]
        {
            "$expand=Events", "$expand=Events($select=Id;$top=1)", "$filter=Title ne 'now()'", "$orderby=Title", "$format=json",
        })
            Assert.Equal("track-changes", (await GetAsync(desk, $"/odata/Tickets?{query}", "track-changes", "4.01")).Applied);
        Assert.Null((await GetAsync(desk, "/odata/Tickets?$expand=Events($select=Field)", "track-changes", "4.01")).Applied);

        // It cannot be begun in the middle, and need not be repeated there.
        var (first, _) = await GetAsync(desk, "/odata/Tickets", "maxpagesize=3", "4.0");
        var (last, none) = await GetAsync(desk, first["@odata.nextLink"]!.GetValue<string>(), "track-changes", "4.0");
        Assert.Null(none);
        Assert.False(last.ContainsKey("@odata.deltaLink"));
        (first, _) = await GetAsync(desk, "/odata/Tickets", "track-changes,maxpagesize=3", "4.0");
        Assert.False(first.ContainsKey("@odata.deltaLink"));
        (last, _) = await GetAsync(desk, first["@odata.nextLink"]!.GetValue<string>(), "", "4.0");
        Assert.True(last.ContainsKey("@odata.deltaLink"));
    }

    [Theory, Providers]
    public async Task A_page_of_changes_is_one_statement_for_the_rows_and_one_for_what_is_removed(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(12);
        var link = await LinkAsync(desk, "$filter=Status eq 'open'");
        for (var id = 1; id <= 9; id++)
            await SendAsync(
                desk, HttpMethod.Patch, $"Tickets({id})", $$"""{"Status":"{{(id > 5 ? "closed" : "open")}}","Title":"Changed"}""");
        await SendAsync(desk, HttpMethod.Delete, "Tickets(12)");

        var pages = new List<(string Told, int Statements)>();
        for (string? next = link; next is not null;)
        {
            desk.Forget();
            var page = await desk.GetAsync(next, ("Prefer", "maxpagesize=3"));
            pages.Add((
                string.Join(
                    ' ',
                    page["value"]!.AsArray().Select(row => row!["Id"]?.ToString() ?? row["id"]!.GetValue<string>().Split('(', ')')[1])),
                desk.Sql.Count));
            Assert.DoesNotContain(desk.Sql, sql => sql.Contains("OFFSET", StringComparison.Ordinal));
            next = page["@odata.nextLink"]?.GetValue<string>();
            Assert.Equal(next is null, page.ContainsKey("@odata.deltaLink"));
        }
        // The first one takes the mark that the walk goes up to.
        Assert.Equal([("1 2 3", 2), ("4 5 6", 2), ("7 8 9", 1), ("12", 1)], pages);
        Assert.Equal("10", await desk.Client.GetStringAsync(link.Replace("/Tickets?", "/Tickets/$count?"), Cancel));
    }

    [Theory, Providers]
    public async Task A_delta_link_is_followed_as_it_was_given(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        var link = await LinkAsync(desk, "$filter=Id gt 0&$orderby=Title&$count=true");
        Assert.DoesNotContain("orderby", link);
        Assert.DoesNotContain("count", link);
        var token = link.Split("$deltatoken=")[1];
        foreach (var added in new[]
        {
            "$top=1",
            "$skip=1",
            "$orderby=Id",
            "$count=true",
            "$apply=aggregate($count as N)",
            "$skiptoken=abc",
            "$select=Id",
            "$search=a",
        })
            await desk.FailAsync($"{link}&{added}", HttpStatusCode.BadRequest);
        foreach (var bad in new[] { "latest", "abc", "e30", token[..^4], new string('A', 5000) })
            Assert.Equal(
                "$deltatoken",
                (await desk.FailAsync($"/odata/Tickets?$deltatoken={bad}", HttpStatusCode.BadRequest))["target"]!.GetValue<string>());
        foreach (var other in new[] { "", "$filter=Id gt 1&" })
            await desk.FailAsync($"/odata/Tickets?{other}$deltatoken={token}", HttpStatusCode.BadRequest);
        foreach (var mark in new[] { "Event", "Deletion", "CommentDeletion", "Next" })
            await desk.FailAsync(Forged(desk, link, "s", m => m[mark] = -1), HttpStatusCode.BadRequest);
        foreach (var running in new[] { "[0]", "[-1]", "[" + string.Join(',', Enumerable.Range(1, 51)) + "]" })
            await desk.FailAsync(Forged(desk, link, "s", m => m["Running"] = JsonNode.Parse(running)), HttpStatusCode.BadRequest);
        foreach (var elsewhere in new[] { "Events", "Tickets(1)", "Tickets(1)/Events", "Tickets/$ref", "Events/$count" })
        {
            var error = await desk.FailAsync($"/odata/{elsewhere}?$deltatoken={token}", HttpStatusCode.NotImplemented);
            Assert.Equal("$deltatoken", error["target"]!.GetValue<string>());
        }
        await desk.FailAsync("/odata/Tickets/$delta", HttpStatusCode.NotFound);
        using var posted = await desk.SendAsync(HttpMethod.Post, link, "{}");
        await FeedDesk.ErrorAsync(posted, HttpStatusCode.MethodNotAllowed);

        var (expanded, _) = await GetAsync(desk, "/odata/Tickets?$expand=Events", "track-changes", "4.01");
        Assert.Equal(
            "OData-MaxVersion",
            (await desk.FailAsync(expanded["@deltaLink"]!.GetValue<string>(), HttpStatusCode.BadRequest))["target"]!.GetValue<string>());
        var part = Assert.Single(await desk.BatchAsync(json: true, [Part.Get("a", link)]));
        Assert.Equal((200, true), (part.Status, part.Json.ContainsKey("@odata.deltaLink")));
    }

    [Theory, Providers]
    public async Task A_link_of_another_database_or_of_a_lost_state_is_gone_and_says_where_to_begin_anew(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider, new ManualClock(new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero)));
        await CreateAsync(desk, "a");
        await CreateAsync(desk, "b");
        var early = await LinkAsync(desk, "$filter=Id gt 0");
        await SendAsync(desk, HttpMethod.Delete, "Tickets(1)");
        var link = await LinkAsync(desk, "$filter=Id gt 0");
        await desk.GetAsync(link);

        // The newest event goes with its ticket; the link is as good as before.
        await SendAsync(desk, HttpMethod.Delete, "Tickets(2)");
        Assert.Single((await desk.GetAsync(link))["value"]!.AsArray());

        await using var younger = await FeedDesk.StartAsync(provider);
        await younger.SeedAsync(1);
        await using var other = await FeedDesk.StartAsync(provider, new ManualClock(new(2026, 6, 1, 8, 0, 0, TimeSpan.Zero)));
        for (var i = 0; i < 5; i++)
            await CreateAsync(other, "c");
        await SendAsync(other, HttpMethod.Delete, "Tickets(5)");
        foreach (var (asked, url) in new[]
        {
            (younger, link), (other, link), (other, early), (desk, Forged(desk, link, "s", m => m["Event"] = 99)),
            (desk, Forged(desk, link, "s", m => m["Deletion"] = 99)),
            (desk, Forged(desk, link, "s", m => m["DeletionTime"] = "2001")),
            (desk, Forged(desk, link, "s", m => m["Next"] = provider == Provider.Sqlite ? 5 : 0)),
        })
        {
            using var response = await asked.SendAsync(HttpMethod.Get, url);
            Assert.Equal("delta_link_expired", (await FeedDesk.ErrorAsync(response, HttpStatusCode.Gone))["code"]!.GetValue<string>());
            Assert.Equal("http://localhost/odata/Tickets?$filter=Id%20gt%200", response.Headers.Location!.AbsoluteUri);
            await asked.GetAsync(response.Headers.Location.ToString());
        }
    }

    /// <summary>A delta link with another value in one of its marks, sealed by the desk itself.</summary>
    internal static string Forged(FeedDesk desk, string link, string mark, Action<JsonObject> change)
    {
        var seal = desk.Services.GetRequiredService<MarkSeal>();
        var parts = link.Split("$deltatoken=");
        var token = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject();
        var opened = JsonSerializer.SerializeToNode(seal.Open(token[mark]!.GetValue<string>()))!.AsObject();
        change(opened);
        token[mark] = seal.Seal(opened.Deserialize<ChangeMark>()!);
        return $"{parts[0]}$deltatoken={Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token.ToJsonString()))}";
    }

    private static async Task<(JsonObject Body, string? Applied)> GetAsync(FeedDesk desk, string url, string prefer, string version)
    {
        using var response = await desk.SendAsync(
            HttpMethod.Get, url, (HttpContent?)null, ("Prefer", prefer), ("OData-MaxVersion", version));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (
            JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!.AsObject(),
            response.Headers.TryGetValues("Preference-Applied", out var applied) ? applied.Single() : null);
    }

    private static async Task<string> LinkAsync(FeedDesk desk, string query) =>
        (await desk.GetAsync($"/odata/Tickets?{query}", ("Prefer", "track-changes")))["@odata.deltaLink"]!.GetValue<string>();

    private static Task CreateAsync(FeedDesk desk, string title) =>
        SendAsync(desk, HttpMethod.Post, "Tickets", $$"""{"Title":"{{title}}","Description":"d","Category":"billing","Priority":"low"}""");

    private static async Task SendAsync(FeedDesk desk, HttpMethod method, string url, string? body = null)
    {
        using var response = await desk.SendAsync(method, $"/odata/{url}", body);
        Assert.True(response.IsSuccessStatusCode, $"{method} {url}: {(int)response.StatusCode}");
    }
}
