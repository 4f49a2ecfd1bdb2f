using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

/// <summary><c>case</c> (OData URL Conventions 4.01, 5.1.1.12.1).</summary>
public sealed class CaseTests
{
    [Theory, Providers]
    public async Task Case_gives_the_value_of_the_first_condition_that_is_true(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(16);
        await desk.FindsAsync(
            ("case(UrgencyScore gt 50:'high',UrgencyScore gt 20:'middle',true:'low') eq 'middle'", t => t.UrgencyScore is > 20 and <= 50),
            ("CASE(UrgencyScore gt 50:1,true:0.5) eq 0.5", t => t.UrgencyScore <= 50),
            ("case(UrgencyScore gt 50:'high') eq null", t => t.UrgencyScore <= 50),
            ("case(ResolutionMinutes gt 20:1,true:0) eq 0", t => t.ResolutionMinutes is null or <= 20),
            ("case(ResolvedAt eq null:CreatedAt,true:ResolvedAt) gt 2026-01-03T00:00:00Z",
                t => (t.ResolvedAt ?? t.CreatedAt) > new DateTime(2026, 1, 3, 0, 0, 0, DateTimeKind.Utc)),
            ("case(ResolvedAt eq null:CreatedDate,true:ResolvedDate) eq 2026-01-02",
                t => (t.ResolvedDate ?? t.CreatedDate) == new DateOnly(2026, 1, 2)),
            ("case(Id gt 8:Priority,true:SupportTickets.Priority'low') eq 'low'", t => t.Id <= 8 || t.Priority == Priority.low),
            ("case(Id gt 8:Status eq 'open',true:Priority in ('low','high'))",
                t => t.Id > 8 ? t.Status == Status.open : t.Priority is Priority.low or Priority.high),
            ("case(case(Id gt 8:true,true:false):case(Id gt 12:'a',true:'b'),true:'c') in ('a','c')", t => t.Id is > 12 or <= 8),
            ("case(Status eq 'open':null,true:Id) add 1 eq null", t => t.Status == Status.open),
            ("length(case(Id in (1,2):'a,b:c(d)',true:Title)) eq 8", t => t.Id is > 2 and < 11 or 1 or 2),
            ("Events/any(e:case(e/OldValue eq null:'none',true:e/OldValue) eq 'open')", t => t.Status != Status.open),
            ("case(Id gt 8:@a,true:@b) eq 'x'&@a='x'&@b='y'", t => t.Id > 8));
        await desk.RefusesWithAsync(
            ("$filter=case(Id gt 1) eq 1", "pairs"), ("$filter=case(Id gt 1:1,2) eq 1", "pairs"), ("$filter=case(Id:1) eq 1", "condition"),
            ("$filter=case(Id gt 1:1,true:'a') eq 1", "incompatible"), ("$filter=case() eq 1", "pairs"));
    }

    [Theory, Providers]
    public async Task Case_sorts_computes_groups_and_pages(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(16);
        const string Level = "case(UrgencyScore gt 60:'high',UrgencyScore gt 30:'middle')";
        var rows = await desk.RowsAsync(
            $"/odata/Tickets?$compute={Level} as Level&$select=Id,UrgencyScore,Level&$filter=Level ne null or Id lt 4");
        Assert.Contains(rows, row => row["Level"] is null);
        Assert.All(rows, row => Assert.Equal(OfRow(row), row["Level"]?.GetValue<string>()));
        var all = await desk.RowsAsync("/odata/Tickets?$select=Id,UrgencyScore");
        var expected = all.OrderBy(OfRow, StringComparer.Ordinal).Select(Id).ToList();
        Assert.Equal(expected, (await desk.RowsAsync($"/odata/Tickets?$orderby={Level}&$select=Id")).Select(Id));
        Assert.Equal(expected, (await desk.WalkAsync($"/odata/Tickets?$orderby={Level}&$select=Id", pageSize: 3)).Select(Id));
        var groups = await desk.RowsAsync($"/odata/Tickets?$apply=compute({Level} as Level)/groupby((Level),aggregate($count as Count))");
        Assert.Equal(
            all.GroupBy(row => OfRow(row) ?? "").Select(g => $"{g.Key} {g.Count()}").Order(StringComparer.Ordinal),
            groups.Select(row => $"{row["Level"]} {row["Count"]}").Order(StringComparer.Ordinal));
        desk.Forget();
        await desk.RowsAsync($"/odata/Tickets?$filter={Level} eq 'high'");
        Assert.Single(desk.Sql);

        static string? OfRow(JsonObject row) => row["UrgencyScore"]!.GetValue<int>() switch
        {
            > 60 => "high",
            > 30 => "middle",
            _ => null,
        };

        static int Id(JsonObject row) => row["Id"]!.GetValue<int>();
    }
}
