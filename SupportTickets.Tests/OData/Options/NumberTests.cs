using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

/// <summary>
/// Numbers of different types in one expression, and what is no finite number (OData URL Conventions 4.01, 5.1.1.2 and 5.1.1.18).
/// </summary>
public sealed class NumberTests
{
    [Theory, Providers]
    public async Task Numbers_of_all_types_compare_without_a_cast(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(16);
        foreach (var one in new[] { "7", "7L", "7.0", "7M", "7.0M", "7f", "7d", "7e0", "0.7e1", "(6 add 1M)", "(3.5 mul 2)",
        "cast('7',Edm.Decimal)", "cast('7',Edm.Double)" })
        {
            await desk.FindsAsync(
                ($"UrgencyScore eq {one}", t => t.UrgencyScore == 7), ($"{one} lt UrgencyScore", t => t.UrgencyScore > 7),
                ($"UrgencyScore le {one}", t => t.UrgencyScore <= 7), ($"ResolutionMinutes ne {one}", t => t.ResolutionMinutes != 7),
                ($"UrgencyScore mod 8 eq {one}", t => t.UrgencyScore % 8 == 7),
                ($"cast(UrgencyScore,Edm.Double) ge {one}", t => t.UrgencyScore >= 7),
                ($"cast(UrgencyScore,Edm.Decimal) gt {one}", t => t.UrgencyScore > 7));
        }
        await desk.FindsAsync(
            ("cast(UrgencyScore,Edm.Double) gt fractionalseconds(CreatedAt)", t => t.UrgencyScore > 0),
            ("fractionalseconds(CreatedAt) lt 0.5M and Id lt 4", t => t.Id < 4),
            ("UrgencyScore mod 2.5 eq UrgencyScore", t => t.UrgencyScore < 2.5),
            ("UrgencyScore in (7.0,14.0,21M,28L,35e0,42f)", t => t.UrgencyScore is 7 or 14 or 21 or 28 or 35 or 42),
            ("UrgencyScore in (7.5)", _ => false), ("UrgencyScore in (7,9223372036854775807,1e300,NaN,INF)", t => t.UrgencyScore == 7),
            ("(UrgencyScore divby 2) in (3.5,7)", t => t.UrgencyScore is 7 or 14),
            ("cast(UrgencyScore,Edm.Decimal) in (7,14.0)", t => t.UrgencyScore is 7 or 14),
            ("ResolutionMinutes in (null,11.0)", t => t.ResolutionMinutes is null or 11));
        foreach (var between in new[] { "6.5", "6.5M", "6.5f", "6.999d" })
        {
            await desk.FindsAsync(
                ($"UrgencyScore gt {between}", t => t.UrgencyScore >= 7), ($"UrgencyScore ge {between}", t => t.UrgencyScore >= 7),
                ($"UrgencyScore lt {between}", t => t.UrgencyScore < 7), ($"UrgencyScore le {between}", t => t.UrgencyScore < 7),
                ($"UrgencyScore eq {between}", _ => false), ($"UrgencyScore ne {between}", _ => true),
                ($"{between} ge UrgencyScore", t => t.UrgencyScore < 7),
                ($"UrgencyScore sub 100 gt -{between}", t => t.UrgencyScore - 100 >= -6));
        }
    }

    [Theory, Providers]
    public async Task A_column_of_whole_numbers_is_compared_as_it_is(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        foreach (var filter in new[] { "Id gt 6.5", "Id ge 7M", "Id lt 7L", "7.0 le Id", "Id in (7.0,8M)" })
        {
            desk.Forget();
            await desk.RowsAsync($"/odata/Tickets?$filter={filter}");
            Assert.Matches("WHERE t.id (>|>=|<|IN|= ANY) ", Assert.Single(desk.Sql).Replace("\"", ""));
        }
    }

    // 5.1.1.2.5: whole numbers fail, numbers with a fraction are infinite, and divby makes these of those.
    [Theory, Providers]
    public async Task A_division_by_zero_fails_for_whole_numbers_and_is_infinite_for_others(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(4); // UrgencyScore is 0, 7, 14 and 21
        foreach (var zero in new[] { "divby 0", "div 0.0", "div 0e0", "divby (Id sub Id)", "mul 1.0 div (Id sub Id)", "div (0.0 mul Id)" })
        {
            var rows = await desk.RowsAsync(
                $"/odata/Tickets?$compute=UrgencyScore {zero} as Up,(7 sub UrgencyScore) {zero} as Down&$select=Up,Down&$orderby=Id");
            Assert.Equal(["null INF", "INF null", "INF -INF", "INF -INF"], rows.Select(row => $"{Text(row["Up"])} {Text(row["Down"])}"));
            var sorted = await desk.RowsAsync($"/odata/Tickets?$orderby=(7 sub UrgencyScore) {zero},Id desc&$select=Id");
            Assert.Equal([2, 4, 3, 1], sorted.Select(row => row["Id"]!.GetValue<int>()));
            await desk.FindsAsync(
                ($"UrgencyScore {zero} eq INF", t => t.UrgencyScore > 0), ($"UrgencyScore {zero} gt 1e300", t => t.UrgencyScore > 0),
                ($"UrgencyScore {zero} eq null", t => t.UrgencyScore == 0),
                ($"(7 sub UrgencyScore) {zero} lt 0", t => t.UrgencyScore > 7),
                ($"(7 sub UrgencyScore) {zero} eq -INF", t => t.UrgencyScore > 7));
            var groups = await desk.RowsAsync(
                $"/odata/Tickets?$apply=filter(UrgencyScore gt 0)/compute(UrgencyScore {zero} as X)/aggregate(X with max as Max)");
            Assert.Equal("INF", Text(Assert.Single(groups)["Max"]));
        }
        await desk.FindsAsync(
            ("1 divby UrgencyScore eq INF", t => t.UrgencyScore == 0), ("1 divby UrgencyScore lt 0.1", t => t.UrgencyScore > 10),
            ("UrgencyScore divby ResolutionMinutes eq null",
                t => t.ResolutionMinutes is null || (t.ResolutionMinutes == 0 && t.UrgencyScore == 0)),
            ("1 divby 0 eq INF and -1 divby 0 eq -INF and 0 divby 0 ne 0 and Id gt 1", t => t.Id > 1));
        await desk.RefusesWithAsync(
            ("$filter=UrgencyScore div 0 gt 1", "division by zero"), ("$filter=7 div UrgencyScore gt 1", "division by zero"),
            ("$compute=7 div UrgencyScore as X&$select=X", "division by zero"), ("$orderby=7 div UrgencyScore", "division by zero"),
            ("$apply=compute(7 div UrgencyScore as X)/aggregate(X with sum as S)", "division by zero"),
            ("$filter=UrgencyScore mod 0 gt 1", "division by zero"), ("$filter=UrgencyScore mod 0.0 gt 1", "division by zero"),
            ("$filter=7.5 mod UrgencyScore gt 1", "division by zero"));
    }

    [Theory, Providers]
    public async Task What_is_too_large_fails_and_what_is_no_number_is_null(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(4);
        await desk.RefusesWithAsync(
            ("$filter=1e308 mul UrgencyScore gt 1", "out of range"), ("$filter=UrgencyScore mul 1e308 add 1.7e308 gt 1", "out of range"),
            ("$compute=-1e308 mul UrgencyScore as X&$select=X", "out of range"),
            ("$filter=(UrgencyScore add 1) mul 1e-300 mul 1e-300 eq 0", "out of range"),
            ("$filter=1e300 div ((UrgencyScore add 1) mul 1e-300) gt 1", "out of range"));
        await desk.FindsAsync(
            ("UrgencyScore lt INF", _ => true), ("UrgencyScore gt -INF and Id gt 2", t => t.Id > 2),
            ("UrgencyScore add INF eq INF and Id gt 2", t => t.Id > 2),
            ("INF sub (UrgencyScore add INF) eq null and Id gt 2", t => t.Id > 2),
            ("UrgencyScore mul INF eq null", t => t.UrgencyScore == 0), ("UrgencyScore add NaN eq null and Id gt 2", t => t.Id > 2));
        foreach (var comparison in new[] { "eq", "gt", "ge", "lt", "le" })
            await desk.FindsAsync(($"UrgencyScore {comparison} NaN", _ => false), ($"NaN {comparison} ResolutionMinutes", _ => false),
            ($"NaN {comparison} NaN", _ => false));
        await desk.FindsAsync(("UrgencyScore ne NaN", _ => true), ("NaN ne NaN", _ => true));
    }

    private static string Text(JsonNode? value) => value?.ToString() ?? "null";
}
