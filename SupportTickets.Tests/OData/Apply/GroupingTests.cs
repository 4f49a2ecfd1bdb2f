using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData.Apply;

/// <summary>groupby, aggregate and compute, checked against the same done in memory.</summary>
public sealed class GroupingTests
{
    // Without the types of what the model does not declare.
    private const string Plain = "$format=application/json;metadata=none";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Each_method_aggregates_numbers_times_days_and_missing_values(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(33);
        await using var db = desk.Database.Open();
        var all = await db.Tickets.AsNoTracking().ToListAsync(Cancel);
        var rows = await desk.RowsAsync(
            "/odata/Tickets?$apply=groupby((Status),aggregate($count as N,UrgencyScore with sum as S,"
                + "ResolutionMinutes with sum as M,ResolutionMinutes with average as A,UrgencyScore with min as Least,"
                + "UrgencyScore with max as Most,CreatedAt with min as First,ResolvedAt with max as Last,CreatedDate with max as Day,"
                + "Category with countdistinct as D,ResolutionMinutes with countdistinct as V,Title with min as T,"
                + "Priority with max as P))");
        var expected = all.GroupBy(t => t.Status)
            .OrderBy(g => g.Key)
            .Select(g =>
                string.Join(
                    ' ', g.Key, g.Count(), g.Sum(t => t.UrgencyScore),
                    g.Any(t => t.ResolutionMinutes is not null) ? g.Sum(t => t.ResolutionMinutes) : null,
                    Number(g.Average(t => t.ResolutionMinutes)), g.Min(t => t.UrgencyScore), g.Max(t => t.UrgencyScore),
                    Time(g.Min(t => t.CreatedAt)), Time(g.Max(t => t.ResolvedAt)), g.Max(t => t.CreatedDate).ToString("O"),
                    g.Select(t => t.Category).Distinct().Count(), g.Select(t => t.ResolutionMinutes).OfType<int>().Distinct().Count(),
                    g.Select(t => t.Title).Min(StringComparer.Ordinal), g.Max(t => t.Priority)));
        Assert.Equal(
            expected,
            rows.Select(r =>
                string.Join(
                    ' ', r["Status"], r["N"], r["S"], r["M"], Number(r["A"]?.GetValue<double>()), r["Least"], r["Most"], r["First"],
                    r["Last"], r["Day"], r["D"], r["V"], r["T"], r["P"])));
    }

    [Theory, Providers]
    public async Task Groups_go_by_enums_paths_days_and_parts_of_dates_before_and_after_filters(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(36);
        await using var db = desk.Database.Open();
        var all = await db.Tickets.AsNoTracking().Include(t => t.Events).ToListAsync(Cancel);
        var events = all.SelectMany(t => t.Events).ToList();
        (string Query, IEnumerable<string> Expected)[] cases =
        [
            (
                "Tickets?$apply=groupby((Priority,Category),aggregate($count as N))",
                all.GroupBy(t => (t.Priority, t.Category))
                    .OrderBy(g => g.Key)
                    .Select(g => $"{g.Key.Priority} {g.Key.Category} {g.Count()}")),
            ("Tickets?$apply=groupby((Channel))", ["web"]),
            ("Tickets?$apply=groupby((ResolvedAt),aggregate($count as N))/top(1)", [$" {all.Count(t => t.ResolvedAt is null)}"]),
            (
                "Tickets?$apply=compute(year(CreatedAt) as Y,month(CreatedAt) as M,hour(CreatedAt) as H)"
                    + "/groupby((Y,M,H),aggregate($count as N))",
                all.GroupBy(t => (t.CreatedAt.Year, t.CreatedAt.Month, t.CreatedAt.Hour))
                    .OrderBy(g => g.Key)
                    .Select(g => $"{g.Key.Year} {g.Key.Month} {g.Key.Hour} {g.Count()}")),
            (
                "Tickets?$apply=filter(Id gt 5)/groupby((CreatedDate),aggregate($count as N))/filter(N gt 3 and CreatedDate gt 2026-01-02)",
                all.Where(t => t.Id > 5)
                    .GroupBy(t => t.CreatedDate)
                    .Where(g => g.Count() > 3 && g.Key > new DateOnly(2026, 1, 2))
                    .OrderBy(g => g.Key)
                    .Select(g => $"{g.Key:O} {g.Count()}")),
            (
                "Tickets?$apply=groupby((Category,Status),aggregate($count as N))/groupby((Category),aggregate(N with average as A))",
                all.GroupBy(t => t.Category)
                    .OrderBy(g => g.Key)
                    .Select(g => $"{g.Key} {Number(g.GroupBy(t => t.Status).Average(s => s.Count()))}")),
            (
                "Tickets?$apply=groupby((Category),aggregate(UrgencyScore with average as A))"
                    + "/compute(A mul 2 as Twice,round(A) as R)/filter(Twice gt 80.5)&$select=Category,Twice,R&$orderby=Twice desc",
                all.GroupBy(t => t.Category)
                    .Select(g => (g.Key, A: g.Average(t => t.UrgencyScore)))
                    .Where(g => g.A * 2 > 80.5)
                    .OrderByDescending(g => g.A)
                    .Select(g => $"{g.Key} {Number(g.A * 2)} {Number(Math.Round(g.A, MidpointRounding.AwayFromZero))}")),
            (
                "Tickets?$apply=groupby((Status),aggregate(UrgencyScore with sum as S,$count as N))"
                    + "&$compute=S div N as Q,S divby N as F&$select=Status,Q,F",
                all.GroupBy(t => t.Status)
                    .OrderBy(g => g.Key)
                    .Select(g => $"{g.Key} {g.Sum(t => t.UrgencyScore) / g.Count()} {Number(g.Average(t => t.UrgencyScore))}")),
            (
                "Tickets?$apply=groupby((Status),aggregate($count as N))/compute(N add 1 as M)/compute(M mul N as K)"
                    + "/filter(N gt 1 and M gt 1 and K gt 1 and Status ne 'open')&$select=K,Status",
                all.Where(t => t.Status != Status.open)
                    .GroupBy(t => t.Status)
                    .OrderBy(g => g.Key)
                    .Select(g => $"{(g.Count() + 1) * g.Count()} {g.Key}")),
            (
                "Tickets?$apply=aggregate(Priority with max as P,CreatedAt with min as T)"
                    + "/filter(P eq 'critical' and T lt 2026-02-01T00:00:00Z and year(T) eq 2026)&$select=P",
                ["critical"]),
            (
                "Tickets?$apply=filter(Events/any(e: e/NewValue eq 'closed'))/aggregate($count as N)",
                [$"{all.Count(t => t.Events.Any(e => e.NewValue == "closed"))}"]),
            (
                "Tickets?$apply=compute(UrgencyScore add 1 as A)/filter(Events/any(e: e/Id gt A))/aggregate($count as N)",
                [$"{all.Count(t => t.Events.Any(e => e.Id > t.UrgencyScore + 1))}"]),
            (
                "Events?$apply=groupby((Ticket/Category),aggregate($count as N))",
                events
                    .GroupBy(e => e.Ticket!.Category)
                    .OrderBy(g => g.Key)
                    .Select(g => $"{{\"Category\":\"{g.Key}\"}} {g.Count()}")
                    .Select(Turned)),
            (
                "Events?$apply=groupby((Ticket/Category,NewValue),aggregate(Ticket/UrgencyScore with average as A))"
                    + "/filter(Ticket/Category eq 'billing')&$orderby=NewValue",
                events
                    .Where(e => e.Ticket!.Category == Category.billing)
                    .GroupBy(e => e.NewValue)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => $"{g.Key} {Number(g.Average(e => e.Ticket!.UrgencyScore))} {{\"Category\":\"billing\"}}")),
            (
                "Events?$apply=compute(date(At) as D)/groupby((D,Ticket/Status),aggregate($count as N))"
                    + "/topcount(2,N)&$orderby=D&$select=D,N",
                events
                    .GroupBy(e => (e.Date, e.Ticket!.Status))
                    .OrderByDescending(g => g.Count())
                    .ThenBy(g => g.Key)
                    .Take(2)
                    .OrderBy(g => g.Key.Date)
                    .Select(g => $"{g.Key.Date:O} {g.Count()}")),
            ("Tickets(2)/Events?$apply=groupby((NewValue))&$orderby=NewValue desc", ["open", "closed"]),
        ];
        foreach (var (query, expected) in cases)
        {
            desk.Forget();
            var rows = await desk.RowsAsync($"/odata/{query}");
            Assert.Single(desk.Sql);
            var shown = rows.Select(row =>
                    string.Join(
                        ' ',
                        row.Where(p => !p.Key.Contains('@'))
                            .Select(p =>
                                p.Value is System.Text.Json.Nodes.JsonValue v && v.GetValueKind() == System.Text.Json.JsonValueKind.Number
                                    ? Number(p.Value.GetValue<double>())
                                    : p.Value?.ToString().ReplaceLineEndings("").Replace(" ", ""))))
                .ToList();
            Assert.True(expected.SequenceEqual(shown), $"{query}\n{string.Join('\n', shown)}\nnot\n{string.Join('\n', expected)}");
        }
    }

    [Theory, Providers]
    public async Task Related_rows_are_joined_once_and_not_once_a_group(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(9);
        desk.Forget();
        var rows = await desk.RowsAsync(
            "/odata/Events?$apply=groupby((Field,Ticket/Status),aggregate(Ticket/UrgencyScore with sum as S,"
                + "Ticket/ResolutionMinutes with max as M,Id with max as Last))");
        Assert.Equal(3, rows.Count);
        var sql = Assert.Single(desk.Sql);
        // One, so no subquery. EF sorts by a constant that way.
        Assert.Equal(2, sql.Replace("(SELECT 1)", "", StringComparison.Ordinal).Split("SELECT").Length);
        Assert.Equal(2, sql.Split("JOIN").Length);
        desk.Forget();
        await desk.RowsAsync("/odata/Tickets?$apply=groupby((Status,Priority),aggregate($count as N))");
        Assert.Matches("GROUP BY t.status, t.priority\\s", Assert.Single(desk.Sql).Replace("\"", "")); // columns, so that an index serves
    }

    [Theory, Providers]
    public async Task An_aggregate_of_nothing_is_one_row_wherever_it_stands(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        const string aggregate =
            "filter(Id lt 0)/aggregate($count as N,UrgencyScore with sum as S,UrgencyScore with average as A,CreatedAt with max as M,"
                + "Status with countdistinct as D)";
        desk.Forget();
        Assert.Equal(
            """{"N":0,"S":null,"A":null,"M":null,"D":0}""",
            Assert.Single(await desk.RowsAsync($"/odata/Tickets?$apply={aggregate}&{Plain}")).ToJsonString());
        Assert.Single(desk.Sql);
        const string computed = $"{aggregate}/compute(N add 1 as X,S add 1 as Y)/filter(X eq 1 and S eq null)";
        Assert.Equal(
            """{"N":0,"S":null,"A":null,"M":null,"D":0,"X":1,"Y":null}""",
            Assert.Single(await desk.RowsAsync($"/odata/Tickets?$apply={computed}&{Plain}")).ToJsonString());
        Assert.Empty(await desk.RowsAsync($"/odata/Tickets?$apply={aggregate}/filter(N gt 0)"));
        Assert.Equal(
            """{"K":1}""",
            Assert.Single(await desk.RowsAsync($"/odata/Tickets?$apply={aggregate}/aggregate($count as K)&{Plain}")).ToJsonString());
        Assert.Equal(1, (await desk.GetAsync($"/odata/Tickets?$apply={aggregate}&$count=true"))["@odata.count"]!.GetValue<int>());
        Assert.Equal("1", await desk.Client.GetStringAsync($"/odata/Tickets/$count?$apply={aggregate}", Cancel));
        Assert.Empty(await desk.RowsAsync("/odata/Tickets?$apply=filter(Id lt 0)/groupby((Status),aggregate($count as N))"));
        Assert.Empty((await desk.GetAsync($"/odata/Tickets?$apply={aggregate}&$top=0"))["value"]!.AsArray());
    }

    [Theory, Providers]
    public async Task Selected_properties_are_those_of_the_result(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(12);
        var page = await desk.GetAsync("/odata/Events?$apply=groupby((Ticket/Status,Field),aggregate($count as N))&$select=N,Ticket");
        Assert.EndsWith("#Events(Ticket(Status),N)", page["@odata.context"]!.GetValue<string>());
        Assert.Equal("""{"N@odata.type":"#Decimal","N":8,"Ticket":{"Status":"resolved"}}""", page["value"]![1]!.ToJsonString());
        Assert.Equal(
            """{"Id":2,"Next":3}""",
            (await desk.RowsAsync("/odata/Tickets?$apply=compute(Id add 1 as Next)&$select=Id,Next&" + Plain))[1].ToJsonString());
        Assert.Equal(22, (await desk.RowsAsync("/odata/Tickets?$apply=compute(Id add 1 as Next)&$select=*&" + Plain))[1].Count);
        foreach (var bad in new[] { "$select=Nope", "$select=Id", "$select=N/X" })
            await desk.FailAsync(
                $"/odata/Tickets?$apply=groupby((Status),aggregate($count as N))&{bad}", System.Net.HttpStatusCode.BadRequest);
        await desk.FailAsync(
            "/odata/Tickets?$apply=groupby((Status),aggregate($count as N))&$expand=Events", System.Net.HttpStatusCode.NotImplemented);
        var none = await desk.GetAsync(
            "/odata/Tickets?$apply=groupby((ResolvedAt),aggregate($count as N))/top(1)&$format=application/json;odata.metadata=none",
            ("Prefer", "omit-values=nulls"));
        Assert.Equal("""{"value":[{"N":4}]}""", none.ToJsonString());
    }

    private static string Number(double? value) => value is { } number ? Math.Round(number, 9).ToString(CultureInfo.InvariantCulture) : "";

    private static string Time(DateTime? time) =>
        time is { } at
            ? DateTime.SpecifyKind(at, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : "";

    // Objects come behind the plain properties.
    private static string Turned(string row) => string.Join(' ', row.Split(' ').Reverse());

    [Theory, Providers]
    public async Task A_missing_value_is_none_of_the_distinct_ones(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(9);
        var days = (await desk.RowsAsync("/odata/Tickets?$select=ResolvedDate"))
            .Select(row => row["ResolvedDate"]?.GetValue<string>())
            .ToList();
        Assert.Contains(null, days);
        var expected = days.OfType<string>().Distinct().Count();
        foreach (var value in new[] { "ResolvedDate", "ResolvedOn/Date", "ResolvedOn/Key", "date(ResolvedAt)" })
        {
            var row = Assert.Single(await desk.RowsAsync($"/odata/Tickets?$apply=aggregate({value} with countdistinct as N)"));
            Assert.Equal(expected, (int)row["N"]!);
            row = Assert.Single(await desk.RowsAsync(
                $"/odata/Tickets?$apply=filter(ResolvedAt eq null)/groupby((ResolvedAt),aggregate({value} with countdistinct as N))"));
            Assert.Equal(0, (int)row["N"]!);
        }
    }

    [Theory, Providers]
    public async Task A_value_that_all_rows_share_can_be_grouped_by(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(9);
        foreach (var constant in new[] { "true", "2.5", "'x'", "1", "2026-01-01T00:00:00Z" })
        {
            var row = Assert.Single(
                await desk.RowsAsync($"/odata/Tickets?$apply=compute({constant} as C)/groupby((C),aggregate($count as N))"));
            Assert.Equal(9, (int)row["N"]!);
            var groups = await desk.RowsAsync(
                $"/odata/Tickets?$apply=compute({constant} as C)/groupby((C,Category),aggregate($count as N))"
                    + "/filter(N gt 0)&$orderby=C,N desc");
            Assert.Equal(4, groups.Count);
            Assert.Empty(await desk.RowsAsync(
                $"/odata/Tickets?$apply=filter(Id lt 0)/compute({constant} as C)/groupby((C),aggregate($count as N))"));
        }
    }
}
