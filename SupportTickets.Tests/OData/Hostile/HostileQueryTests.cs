using System.Buffers.Text;
using System.Net;
using System.Text;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Hostile;

public sealed class HostileQueryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Queries_that_are_too_deep_too_long_or_too_many_are_refused(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
        foreach (var query in new[]
        {
            $"$filter={Repeat("(", 4000)}", $"$filter={Repeat("(", 3000)}1{Repeat(")", 3000)} eq 1", $"$filter={Repeat("not ", 1500)}true",
            $"$filter={Repeat("-(", 1500)}Id{Repeat(")", 1500)} eq 1", $"$filter={Repeat("-", 5000)}Id eq 1",
            $"$filter={Repeat("trim(", 1000)}Title{Repeat(")", 1000)} eq 'a'",
            $"$filter=Id in {Repeat("(", 3000)}1{Repeat(")", 3000)}", $"$filter=Title in {Repeat("[", 3000)}'a'{Repeat("]", 3000)}",
            $"$filter=Title eq {Repeat("{\"a\":", 1000)}1{Repeat("}", 1000)}",
            $"$filter={Repeat("Events/any(a:", 400)}true{Repeat(")", 400)}", $"$filter={Repeat("Events/", 1000)}$count gt 1",
            $"$filter={string.Join(" or ", Enumerable.Repeat("Id eq 1", 1000))}",
            $"$filter={string.Join(" add ", Enumerable.Repeat("1", 1300))} eq 1",
            $"$filter=Id in ({string.Join(',', Enumerable.Range(1, 1800))})", $"$search={Repeat("(", 3000)}a{Repeat(")", 3000)}",
            $"$search={Repeat("NOT ", 1500)}a", $"$search={Repeat("a ", 3000)}", $"$search=\"{Repeat("(", 7000)}",
            $"$expand={Repeat("Events($expand=Ticket($expand=", 130)}Events{Repeat("))", 130)}", $"$expand={Repeat("Events(", 1000)}",
            $"$expand=Events($filter=NewValue in [\"'\"];$expand={Repeat("Ticket($expand=Events($expand=", 130)}Ticket{Repeat("))", 130)})",
            $"$expand=Events($levels=max)", $"$expand=Events($levels=1000)", $"$select={Repeat("Id(", 1000)}",
            $"$select={Repeat("Events/", 1000)}Id", $"$orderby={Repeat("(", 3000)}Id{Repeat(")", 3000)}",
            $"$apply={Repeat("groupby((Status),", 300)}aggregate($count as N){Repeat(")", 300)}",
            $"$apply=groupby({Repeat("(", 3000)}Status{Repeat(")", 3000)})", $"$apply={Repeat("filter(true)/", 500)}aggregate($count as N)",
            $"$apply=concat({Repeat("concat(", 800)}", $"$compute={Repeat("(", 3000)}Id{Repeat(")", 3000)} as X",
            $"$filter=@a&@a=@b&@b=@a", $"$filter={Repeat("@a eq ", 600)}1&@a={Repeat("1", 3000)}",
        })
            await desk.RefusesAsync($"/odata/Tickets?{query}");
    }

    [Theory, Providers]
    public async Task Literals_that_are_none_are_refused(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        foreach (var filter in new[]
        {
            "Id eq 'x'", "Id eq 1x", "Id eq --", "Id eq 1e", "Id eq 0x1", "Id eq 1_000", "Title eq 'open",
            "Title eq \"a\"", "Title eq 5", "CreatedAt eq 2026-13-01T00:00:00Z",
            "CreatedAt eq 2026-02-30T00:00:00Z", "CreatedAt eq 'now'", "CreatedAt gt 2026-01-01T25:00:00Z",
            "CreatedDate eq 2026-02-30", "CreatedDate eq 2026", "CreatedDate eq 'x'", "ResolvedAt eq duration'P1D'",
            "CreatedAt eq duration'P'", "time(CreatedAt) eq 25:00:00", "Id eq 00000000-0000-0000-0000-00000000000g", "Id eq binary'x'",
            "Status eq 'nope'", "Status eq 'open,closed'", "Status eq 7", "Status eq SupportTickets.Status'nope'",
            "Status eq SupportTickets.Status'7'", "Status eq SupportTickets.Nope'open'", "Status eq 'OPEN '",
            "Status in ('open','nope')", "Status has 'open'",
            "Id in (1,'x')", "Id in (1", "Id in 1", "Title in (1,2)", "CreatedAt in ('x')",
            "Id eq geography'POINT(1 1)'", "Id eq true", "contains(Title)", "contains(Title,1)", "substring(Title)",
            "nope(Title)", "length(5)", "year('x')", "Title/nope eq 1", "Id/any()", "Events/any(e:e/Nope eq 1)",
            "Events/any(Id eq 1)", "Events/all()", "Events eq null", "$it/Nope eq 1", "$root/Nope eq 1", "cast(Id,Edm.Nope) eq 1",
            "Id eq cast('x')", "Id eq", "eq 1", "Id eq 1 and", "(Id eq 1", "Id eq 1)", "Id = 1", "Id eq 1;drop table tickets",
        })
            await desk.RefusesAsync($"/odata/Tickets?$filter={Uri.EscapeDataString(filter)}");
    }

    [Theory, Providers]
    public async Task Numbers_at_the_edge_of_what_they_can_be_are_an_answer_or_refused(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        foreach (var query in new[]
        {
            "$filter=Id eq 2147483648", "$filter=Id gt -2147483649", "$filter=Id eq 9223372036854775807",
            "$filter=Id eq 9223372036854775808", "$filter=Id add 2147483647 gt 0", "$filter=Id mul 9223372036854775807 gt 0",
            "$filter=Id sub 9223372036854775807 lt 0", "$filter=-(-9223372036854775807 sub 1) gt Id",
            "$filter=Id div 0 eq 1", "$filter=Id mod 0 eq 1", "$filter=1 div 0 eq Id", "$filter=Id div (Id sub Id) gt 1",
            "$filter=Id mod (Id sub Id) eq 1", "$filter=1.0 div 0 gt Id", "$filter=Id div 0.0 gt 1", "$filter=Id divby 0 gt 1",
            "$filter=Id eq NaN", "$filter=Id lt INF", "$filter=Id gt -INF", "$filter=Id eq 1e400", "$filter=Id eq 1e-400",
            "$filter=Id eq 79228162514264337593543950336M", "$filter=Id eq 0.00000000000000000000000000000000001",
            $"$filter=Id eq {new string('9', 5000)}", $"$filter=Id eq 0.{new string('1', 5000)}",
            "$filter=round(Id mul 1e308 mul 10) gt 1", "$filter=UrgencyScore mul 30000000 mul UrgencyScore gt 0",
            "$filter=substring(Title,-1) eq 'a'", "$filter=substring(Title,2147483647) eq 'a'",
            "$filter=substring(Title,1,-1) eq 'a'", "$filter=substring(Title,9223372036854775807) eq 'a'",
            "$filter=indexof(Title,'') eq 0", "$filter=CreatedAt gt 0001-01-01T00:00:00Z",
            "$filter=CreatedAt lt 9999-12-31T23:59:59.9999999Z", "$filter=CreatedAt gt 9999-12-31T23:59:59-14:00",
            "$filter=CreatedAt add duration'P99999999D' gt now()",
            "$filter=CreatedAt sub duration'P10000000D' lt now()", "$filter=CreatedDate lt 9999-12-31",
            "$filter=CreatedAt gt 10000-01-01T00:00:00Z", "$filter=CreatedAt gt 2026-01-01T00:00:00.123456789123Z",
            "$apply=groupby((Status),aggregate(-INF with countdistinct as B))",
            "$apply=groupby((CreatedAt),aggregate(NaN with countdistinct as B))&$count=true",
            "$apply=aggregate(INF with max as B)", "$apply=aggregate(null with sum as B)",
            "$apply=aggregate(null with max as B)", "$apply=aggregate(UrgencyScore div 0 with average as B)",
            "$apply=aggregate(Id mul 2147483647 with sum as S)", "$apply=aggregate(Id mul 9223372036854775807 with sum as S)",
            "$apply=compute(Id div 0 as X)", "$compute=Id mul 9223372036854775807 as X&$select=X",
            "$compute=Id mod 0 as X&$select=X", "$orderby=Id mul 9223372036854775807", "$orderby=Id div (Id sub 1)",
            "$top=0", "$top=2147483647", "$skip=2147483647", "$top=2147483647&$skip=2147483647", "$count=true&$top=0&$skip=5",
        })
            await desk.BearsAsync($"/odata/Tickets?{query}");
        foreach (var query in new[]
        {
            "$top=2147483648",
            "$top=99999999999999999999",
            "$top=-1",
            "$top=1.5",
            "$top=1e3",
            "$top=+",
            "$top= ",
            "$skip=-1",
            "$skip=2147483648",
            "$skip=abc",
            "$count=1",
            "$count=yes",
        })
            await desk.RefusesAsync($"/odata/Tickets?{query}");
    }

    [Theory, Providers]
    public async Task Nested_as_deep_as_it_may_be_an_expression_costs_no_more_than_its_length(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        var equal = string.Concat(Enumerable.Repeat("(", 90)) + "Title eq 'x'" + string.Concat(Enumerable.Repeat(" eq false)", 90));
        var position =
            string.Concat(Enumerable.Repeat("indexof(substring(Title,", 12)) + "0" + string.Concat(Enumerable.Repeat("),'T')", 12));
        var rounded = string.Concat(Enumerable.Repeat("round(0.5 add ", 12)) + "UrgencyScore" + new string(')', 12);
        foreach (var query in new[]
        {
            $"$filter={equal}",
            $"$filter={position} ge 0 and {rounded} gt 0",
            $"$orderby={position},{rounded}",
            $"$compute={position} as X,{rounded} as Y&$select=X,Y",
            $"$apply=compute({position} as X,{rounded} as Y)/filter({equal})",
        })
            await desk.GetAsync($"/odata/Tickets?{query}");
    }

    [Theory, Providers]
    public async Task A_name_that_is_taken_is_no_name_for_something_new(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        foreach (var query in new[]
        {
            "$apply=aggregate($count as N,$count as N)", "$apply=groupby((Status),aggregate(Id with sum as A,Id with max as A))",
            "$compute=Id as Title", "$compute=Id as Events&$expand=Events", "$compute=Id as X,Id as X", "$compute=Id as title",
            "$expand=Events($compute=Id as Ticket)", "$compute=Id as X,Id as x",
        })
            await desk.RefusesAsync($"/odata/Tickets?{query}");
    }

    [Theory, Providers]
    public async Task Text_that_is_no_text_is_refused(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        foreach (var query in new[]
        {
            "$filter=Title eq '%00'", "$filter=contains(Title,'a%00b')", "$search=a%00", "%00=1", "x=%00",
            "$filter=Title in ('%00')", "$orderby=concat(Title,'%00')", "$compute=concat(Title,'%00') as X&$select=X",
            "$filter=Title eq '%FF'", "$filter=Title eq '%C3'", "$filter=Title eq '%C3%28'", "$filter=Title eq '%ED%A0%80'",
            "$filter=Title eq '%F5%80%80%80'", "$filter=Title eq '%E2%82'", "$search=%80", "%FF=1", "x=%FF",
        })
            await desk.RefusesAsync($"/odata/Tickets?{query}");
        foreach (var text in new[]
        {
            "%F0%9F%98%80", "%EF%BF%BD", "%EF%BB%BF", "%E2%80%AE", "100%25", "%27%27", "%25FF", "a%0D%0Ab", "%7F",
        })
            Assert.Equal(HttpStatusCode.OK, await desk.BearsAsync($"/odata/Tickets?$filter=Title eq '{text}'"));
    }

    [Theory, Providers]
    public async Task Regular_expressions_are_refused_wherever_they_stand(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        foreach (var query in new[]
        {
            "$filter=matchesPattern(Title,'(a%2B)%2B$')", "$filter=MATCHESPATTERN(Title,'a')", "$apply=filter(matchesPattern(Title,'a'))",
            "$expand=Events($filter=matchesPattern(NewValue,'a'))", "$orderby=matchesPattern(Title,'a')",
            "$compute=matchesPattern(Title,'a') as X&$select=X",
            "$filter=Events/any(e:matchesPattern(e/NewValue,'a'))", "$filter=not matchesPattern('a',Title)",
        })
            await desk.RefusesAsync($"/odata/Tickets?{query}");
        Assert.DoesNotContain(desk.Sql, sql => sql.Contains('~') || sql.Contains("regexp", StringComparison.OrdinalIgnoreCase));
    }

    [Theory, Providers]
    public async Task A_token_that_was_not_given_for_this_query_is_refused(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(5);
        foreach (var query in new[]
        {
            "", "$orderby=ResolvedAt&", "$orderby=Title desc&", "$filter=Id gt 0&", "$apply=groupby((Status,Priority))&",
        })
        {
            var page = await desk.GetAsync($"/odata/Tickets?{query}", ("Prefer", "odata.maxpagesize=1"));
            var next = page["@odata.nextLink"]!.GetValue<string>();
            var token = System.Web.HttpUtility.ParseQueryString(new Uri(next).Query)["$skiptoken"]!;
            var json = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
            foreach (var other in new[]
            {
                "$orderby=CreatedAt&",
                "$filter=Id gt 1&",
                "$search=a&",
                "$apply=groupby((Category))&",
                "$compute=Id add 1 as X&",
            })
                await desk.RefusesAsync($"/odata/Tickets?{other}$skiptoken={token}");
            await desk.RefusesAsync($"/odata/Events?{query.Replace("$orderby=ResolvedAt", "$orderby=At")}$skiptoken={token}");
            foreach (var forged in Forged(json))
                await desk.BearsAsync($"/odata/Tickets?{query}$skiptoken={Base64Url.EncodeToString(Encoding.UTF8.GetBytes(forged))}");
            foreach (var broken in new[]
            {
                "x",
                "%25",
                "Id-1",
                "null",
                "[]",
                "e30",
                token[..^3],
                token + "A",
                new string('A', 6000),
                "%FF",
                "Id:1,ResolvedAt:null",
            })
                await desk.RefusesAsync($"/odata/Tickets?{query}$skiptoken={broken}");
        }
        await desk.RefusesAsync("/odata/Tickets(1)?$skiptoken=e30");
        await desk.RefusesAsync("/odata/Tickets?$deltatoken=e30");
    }

    // Whoever makes one up may move his own cursor, and nothing else.
    private static IEnumerable<string> Forged(string json)
    {
        foreach (var keys in new[]
        {
            "[]",
            "null",
            "[null]",
            "[null,null]",
            "[1]",
            "[\"x\",1]",
            "[{},1]",
            "[1,1,1]",
            "[99999999999999999999]",
            "[\"\\u0000\",1]",
            "[\"\\ud800\",1]",
            "[\"9999-12-31T23:59:59.9999999Z\",2147483647]",
            "[true]",
            "[1e400]",
        })
        {
            yield return System.Text.RegularExpressions.Regex.Replace(json, "\"k\":(\\[.*?\\]|null)", $"\"k\":{keys}");
            yield return json.Replace("\"s\":null", "\"s\":2147483647", StringComparison.Ordinal);
        }
        foreach (var left in new[] { "0", "-1", "2147483647", "2147483648", "1.5", "\"1\"" })
            yield return json.Replace("\"t\":null", $"\"t\":{left}", StringComparison.Ordinal);
        yield return json.Replace("\"c\":null", "\"c\":-5", StringComparison.Ordinal);
        yield return json[..^1] + ",\"q\":\"x\"}";
    }
}
