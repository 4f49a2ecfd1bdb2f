using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.OData;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Batch;

namespace SupportTickets.Tests.OData.Hostile;

/// <summary>Each limit set low: what is at it passes, what is one over is refused by its code.</summary>
public sealed class LimitTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Nodes_are_counted_wherever_expressions_stand(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider, settings: ("ODATA_MAX_NODES", "20"));
        await desk.SeedAsync(2);
        foreach (var (at, over) in new[]
        {
            ($"$filter={Sum(8)} ge 1", $"$filter=-{Sum(8)} ge 1"),
            ($"$orderby={Sum(9)}", $"$orderby=-{Sum(9)}"),
            ($"$compute={Sum(9)} as X&$select=X", $"$compute=-{Sum(9)} as X&$select=X"),
            ($"$apply=filter({Sum(8)} ge 1)", $"$apply=filter(-{Sum(8)} ge 1)"),
            ($"$apply=compute({Sum(9)} as X)", $"$apply=compute(-{Sum(9)} as X)"),
            ($"$apply=groupby((Status),aggregate({Sum(7)} with sum as X))", $"$apply=groupby((Status),aggregate({Sum(8)} with sum as X))"),
            ($"$expand=Events($filter={Sum(8)} ge 1)", $"$expand=Events($filter=-{Sum(8)} ge 1)"),
            ($"$filter={Sum(3)} ge 1&$orderby={Sum(4)}", $"$filter={Sum(3)} ge 1&$orderby=-{Sum(4)}"),
        })
            await HoldsAsync(desk, at, over, "too_many_nodes", "ODATA_MAX_NODES");
    }

    [Theory, Providers]
    public async Task Depth_is_counted_in_every_option_before_it_is_parsed(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider, settings: ("ODATA_MAX_DEPTH", "6"));
        await desk.SeedAsync(2);
        foreach (var nested in new Func<int, string>[]
        {
            depth => $"$filter={Nested("(", depth, "Id ge 1", ")")}",
            depth => $"$filter={Nested("not ", depth, "(Id lt 1)")} or true",
            depth => $"$filter={Nested("-", depth, "Id")} lt 9",
            depth => $"$filter={Nested("trim(", depth, "Title", ")")} ne ''",
            depth => $"$filter=Title ne '(((((((((' and {Nested("(", depth, "Id ge 1", ")")}",
            depth => $"$filter=Title ne ')''))))))''' and {Nested("(", depth, "Id ge 1", ")")}",
            depth => $"$orderby={Nested("(", depth, "Id", ")")}",
            depth => $"$compute={Nested("(", depth, "Id", ")")} as X&$select=X",
            depth => $"$apply=filter({Nested("(", depth - 1, "Id ge 1", ")")})",
            depth => $"$apply=groupby({Nested("(", depth - 1, "Status", ")")})",
            depth => $"$search={Nested("(", depth, "ticket", ")")}",
            depth => $"$expand=Events($filter={Nested("(", depth - 1, "Id ge 1", ")")})",
        })
            await HoldsAsync(desk, nested(6), nested(7), "too_deep", "ODATA_MAX_DEPTH");
    }

    [Theory, Providers]
    public async Task Lists_and_expansions_have_a_length_and_a_depth(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(
            provider, settings: [("ODATA_MAX_LIST_LENGTH", "3"), ("ODATA_MAX_EXPAND_DEPTH", "2")]);
        await desk.SeedAsync(2);
        foreach (var list in new[]
        {
            "$filter=Id in ({0})",
            "$filter=not (Id in ({0}))",
            "$apply=filter(Id in ({0}))",
            "$expand=Events($filter=Id in ({0}))",
            "$filter=Events/any(e:e/Id in ({0}))",
        })
            await HoldsAsync(desk, list.Replace("{0}", "1,2,3"), list.Replace("{0}", "1,2,3,4"), "list_too_long", "ODATA_MAX_LIST_LENGTH");
        await HoldsAsync(
            desk, "$filter=Title in ['a','b','c']", "$filter=Title in ['a','b','c','d']", "list_too_long", "ODATA_MAX_LIST_LENGTH");
        await HoldsAsync(
            desk, "$expand=Events($expand=Ticket)", "$expand=Events($expand=Ticket($expand=Events))", "expand_too_deep",
            "ODATA_MAX_EXPAND_DEPTH");
        var metadata = await desk.Client.GetStringAsync("/odata/$metadata", Cancel);
        Assert.Contains("<PropertyValue Property=\"MaxLevels\" Int=\"2\" />", metadata);
    }

    [Theory, Providers]
    public async Task The_length_of_an_address_counts_however_it_is_spelled(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider, settings: ("ODATA_MAX_URL_LENGTH", "500"));
        await desk.SeedAsync(3);
        // Path 14, name 7, = and & 2, the comparison 11 without its text.
        await desk.GetAsync($"/odata/Tickets?$filter=Title ne '{new string('x', 466)}'");
        foreach (var over in new[]
        {
            $"$filter=Title ne '{new string('x', 467)}'", $"filter=Title%20ne%20%27{new string('x', 467)}%27",
            $"$filter=Title ne '{new string('é', 234)}'", $"$filter=Title ne @t&@t='{new string('x', 450)}'",
            $"$filter={string.Join(" or ", Enumerable.Repeat("Title eq @t", 10))}&@t='{new string('x', 100)}'",
        })
        {
            var error = await desk.FailAsync($"/odata/Tickets?{over}", HttpStatusCode.RequestUriTooLong);
            Assert.Equal("uri_too_long", error["code"]!.GetValue<string>());
            Assert.Contains("ODATA_MAX_URL_LENGTH", error["message"]!.GetValue<string>());
        }
        using var body = await desk.SendAsync(
            HttpMethod.Post, "/odata/Tickets/$query", new StringContent($"$filter=Title ne '{new string('x', 467)}'"));
        await FeedDesk.ErrorAsync(body, HttpStatusCode.RequestUriTooLong);
        // What is at the limit can be walked to its end: the links spell it longer, and have a token.
        Assert.Equal(3, (await desk.WalkAsync($"/odata/Tickets?filter=Title+ne+'{new string('ö', 233)}'", pageSize: 1)).Count);
    }

    [Theory, Providers]
    public async Task What_has_no_setting_has_a_limit_all_the_same(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        foreach (var (query, code) in new[]
        {
            ("$orderby=" + string.Join(',', Enumerable.Range(1, 11).Select(i => $"Id add {i}")), "too_many_sort_keys"),
            ("$filter=Events/any(a: a/Ticket/Events/any(b: b/Ticket/Events/any(c: c/Id gt 0)))", "too_deep"),
            ("$apply=" + string.Join('/', Enumerable.Repeat("filter(Id gt 0)", 21)), "too_many_transformations"),
        })
            Assert.Equal(code, (await desk.FailAsync($"/odata/Tickets?{query}", HttpStatusCode.BadRequest))["code"]!.GetValue<string>());
        // The defaults leave room for what people ask.
        Assert.Single(await desk.RowsAsync($"/odata/Tickets?$filter={string.Join(" or ", Enumerable.Repeat("Id eq 1", 200))}"));
        Assert.Equal(3, (await desk.RowsAsync($"/odata/Tickets?$filter=Id in ({string.Join(',', Enumerable.Range(1, 200))})")).Count);
    }

    [Fact]
    public async Task The_most_that_the_settings_allow_fits_into_a_small_stack()
    {
        await using var desk = await FeedDesk.StartAsync(
            Provider.Sqlite,
            settings:
            [
                ("ODATA_MAX_URL_LENGTH", "20000"), ("ODATA_MAX_NODES", "2000"), ("ODATA_MAX_DEPTH", "200"),
                ("ODATA_MAX_LIST_LENGTH", "2000"), ("ODATA_MAX_EXPAND_DEPTH", "6"),
            ]);
        await desk.SeedAsync(1);
        foreach (var query in new[]
        {
            $"$filter={Nested("(", 200, "Id ge 1", ")")}", $"$filter={Nested("not ", 200, "(Id lt 1)")}",
            $"$filter={Nested("not (", 200, "Id lt 1", ")")}", $"$filter={Nested("-", 200, "Id")} lt 9",
            $"$filter={Nested("trim(", 199, "Title", ")")} ne ''",
            $"$filter={Nested("concat(Title,", 199, "Title", ")")} ne ''", $"$filter={Nested("(Id add ", 200, "1", ")")} gt 0",
            $"$filter={string.Join(" or ", Enumerable.Repeat("Id eq 1", 390))}",
            $"$filter={string.Join(" and ", Enumerable.Repeat("Title ne 'a'", 390))}",
            $"$filter={Sum(780)} ge 1", $"$compute={Sum(780)} as X&$select=X", $"$orderby={Sum(780)}",
            $"$apply=filter({Sum(780)} ge 1)", $"$apply=compute({Sum(780)} as X)", $"$apply=aggregate({Sum(780)} with sum as X)",
            $"$search={Nested("(", 200, "a", ")")}", $"$search={string.Concat(Enumerable.Repeat("NOT ", 200))}a",
            $"$expand={Nested("Events($expand=Ticket($expand=", 100, "Events", "))")}",
            $"$expand=Events($expand=Ticket($expand=Events($expand=Ticket($expand=Events($expand=Ticket)))))",
            $"$filter=Id in ({string.Join(',', Enumerable.Range(1, 2000))})",
            $"$filter={Nested("Events/any(a:a/Ticket/", 99, "true", ")")}",
            $"$apply={string.Concat(Enumerable.Repeat("filter(true)/", 19))}aggregate($count as N)",
        })
        {
            var status = 0;
            // 1.5 MB, as on musl and Windows. On SQLite all of a request runs in the thread that asks; without enough, the process
            // ends here.
            var thread = new Thread(() => status = HandleAsync(desk, query).GetAwaiter().GetResult(), maxStackSize: 1536 * 1024);
            thread.Start();
            thread.Join();
            Assert.True(status is 200 or 400 or 501, $"{status} to {query[..Math.Min(80, query.Length)]}");
        }
    }

    private static async Task<int> HandleAsync(FeedDesk desk, string query)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        (context.Request.Method, context.Request.Scheme, context.Request.Host, context.Request.Path) = (
            "GET", "http", new("localhost"), "/odata/Tickets");
        context.Request.QueryString = new(
            "?" + Uri.EscapeDataString(query).Replace("%26", "&", StringComparison.Ordinal).Replace("%3D", "=", StringComparison.Ordinal));
        context.Response.Body = new MemoryStream();
        context.Features.Set(Caller.System); // as the gate before it would
        await FeedEndpoint.HandleAsync(context);
        return context.Response.StatusCode;
    }

    [Fact]
    public async Task Pages_have_a_usual_and_a_largest_size()
    {
        await using var desk = await FeedDesk.StartAsync(
            Provider.Sqlite, settings: [("ODATA_PAGE_SIZE", "2"), ("ODATA_MAX_PAGE_SIZE", "3")]);
        await desk.SeedAsync(5);
        Assert.Equal(2, (await desk.RowsAsync("/odata/Tickets")).Count);
        using var response = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets", (HttpContent?)null, ("Prefer", "odata.maxpagesize=9"));
        Assert.Equal("odata.maxpagesize=3", response.Headers.GetValues("Preference-Applied").Single());
        await using var small = await FeedDesk.StartAsync(Provider.Sqlite, settings: ("ODATA_MAX_PAGE_SIZE", "1"));
        await small.SeedAsync(2);
        Assert.Single(await small.RowsAsync("/odata/Tickets"));
    }

    [Fact]
    public async Task Batches_are_limited_in_parts_and_bytes()
    {
        await using var desk = await FeedDesk.StartAsync(
            Provider.Sqlite, settings: [("ODATA_MAX_BATCH_PARTS", "3"), ("ODATA_MAX_BATCH_BYTES", "2000")]);
        foreach (var json in new[] { true, false })
        {
            foreach (var group in new[] { null, "g" })
            {
                Assert.Equal(3, (await desk.BatchAsync(json, Parts(3))).Count);
                using var many = await desk.SendAsync(
                    HttpMethod.Post, "/odata/$batch", json ? BatchCalls.Json(Parts(4)) : BatchCalls.Multipart(Parts(4)));
                Assert.Equal(
                    "too_many_parts", (await FeedDesk.ErrorAsync(many, HttpStatusCode.RequestEntityTooLarge))["code"]!.GetValue<string>());

                Part[] Parts(int count) => [.. Enumerable.Range(1, count).Select(n => Part.Create($"{n}", "T", group))];
            }
        }
        Part[] parts = [Part.Get("1", "Tickets")];
        foreach (var (length, status) in new[] { (2000, HttpStatusCode.OK), (2001, HttpStatusCode.RequestEntityTooLarge) })
        {
            using var sized = await desk.SendAsync(
                HttpMethod.Post, "/odata/$batch", BatchCalls.Content(BatchCalls.JsonText(parts).PadRight(length), "application/json"));
            Assert.Equal(status, sized.StatusCode);
            if (status != HttpStatusCode.OK)
                Assert.Equal("batch_too_large", (await FeedDesk.ErrorAsync(sized, status))["code"]!.GetValue<string>());
        }
        using var ticket = await desk.SendAsync(
            HttpMethod.Post,
            "/odata/Tickets",
            $$"""{"Title":"t","Description":"{{new string('x', 3000)}}","Category":"billing","Priority":"low"}""");
        Assert.Equal(HttpStatusCode.Created, ticket.StatusCode); // a ticket may be larger than a batch
    }

    private static string Sum(int added) => "Id" + string.Concat(Enumerable.Repeat(" add 1", added));

    private static string Nested(string open, int depth, string inside, string close = "") =>
        string.Concat(Enumerable.Repeat(open, depth)) + inside + string.Concat(Enumerable.Repeat(close, depth));

    private static async Task HoldsAsync(FeedDesk desk, string at, string over, string code, string setting)
    {
        await desk.GetAsync($"/odata/Tickets?{at}");
        var error = await desk.FailAsync($"/odata/Tickets?{over}", HttpStatusCode.BadRequest);
        Assert.Equal((over, code), (over, error["code"]!.GetValue<string>()));
        Assert.Contains(setting, error["message"]!.GetValue<string>());
    }
}
