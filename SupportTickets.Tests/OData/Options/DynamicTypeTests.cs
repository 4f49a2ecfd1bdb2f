using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

public sealed class DynamicTypeTests
{
    // JSON Format 4.01, 4.6.3: text, Booleans and doubles are seen without it.
    [Theory, Providers]
    public async Task The_type_of_what_is_not_in_the_metadata_is_said_where_JSON_does_not_show_it(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(9);
        (string Url, string[] Types)[] cases =
        [
            (
                "Tickets?$apply=groupby((Status,CreatedDate),aggregate($count as Count,UrgencyScore with sum as Sum,"
                    + "UrgencyScore with max as Max,UrgencyScore with average as Average))",
                ["Count #Decimal", "Max #Int32", "Sum #Int64"]),
            (
                "Tickets?$apply=filter(Status ne 'open')"
                    + "/aggregate(ResolvedAt with max as Last,CreatedDate with min as First,Id with countdistinct as Count)",
                ["Count #Decimal", "First #Date", "Last #DateTimeOffset"]),
            ("Tickets?$apply=filter(Id lt 0)/aggregate($count as Count,UrgencyScore with sum as Sum)", ["Count #Decimal"]),
            (
                "Tickets?$compute=UrgencyScore mul 2 as Twice,Id add 5000000000 as Big,date(CreatedAt) as Day,"
                    + "Status eq 'open' as IsOpen,tolower(Title) as Lower&$select=Id,Twice,Big,Day,IsOpen,Lower",
                ["Big #Int64", "Day #Date", "Twice #Int32"]),
            // Text in JSON, and no text: numbers that JSON has none for, times, and members of an enumeration.
            (
                "Tickets?$compute=UrgencyScore add INF as Endless,UrgencyScore sub INF as Less,UrgencyScore add 0.5 as Half,"
                    + "Priority as How,time(CreatedAt) as Time&$select=Id,Endless,Less,Half,How,Time",
                ["Endless #Double", "How #SupportTickets.Priority", "Less #Double", "Time #TimeOfDay"]),
            (
                "Tickets?$apply=compute(UrgencyScore add INF as Endless,Priority as How)"
                    + "/groupby((Endless,How),aggregate(Endless with max as Most,Sentiment with min as Mood))",
                ["Endless #Double", "How #SupportTickets.Priority", "Mood #SupportTickets.Sentiment", "Most #Double"]),
        ];
        foreach (var (url, types) in cases)
        {
            foreach (var strings in new[] { false, true })
            {
                var accept = $"application/json;IEEE754Compatible={(strings ? "true" : "false")}";
                var row = (await desk.GetAsync($"/odata/{url}", ("Accept", accept)))["value"]![0]!.AsObject();
                Assert.Equal(
                    types,
                    row.Where(p => p.Key.EndsWith("@odata.type", StringComparison.Ordinal))
                        .Select(p => $"{p.Key.Split('@')[0]} {p.Value}")
                        .Order(StringComparer.Ordinal));
                Assert.All(
                    types.Where(t => t.EndsWith("Int64", StringComparison.Ordinal) || t.EndsWith("Decimal", StringComparison.Ordinal)),
                    t => Assert.Equal(strings, row[t.Split(' ')[0]]!.GetValueKind() == System.Text.Json.JsonValueKind.String));
            }
            var newer = (await desk.GetAsync($"/odata/{url}", ("OData-MaxVersion", "4.01")))["value"]![0]!.AsObject();
            Assert.Equal(
                types.Select(t => t.Contains('.', StringComparison.Ordinal) ? t : t.Replace("#", "", StringComparison.Ordinal)),
                newer
                    .Where(p => p.Key.EndsWith("@type", StringComparison.Ordinal))
                    .Select(p => $"{p.Key.Split('@')[0]} {p.Value}")
                    .Order(StringComparer.Ordinal));
            var none = await desk.GetAsync($"/odata/{url}", ("Accept", "application/json;odata.metadata=none"));
            Assert.DoesNotContain("@", none.ToJsonString());
        }
        // A count stays a decimal (Data Aggregation 4.0, 3.2.1) where it is handed on as it is: through steps, as a key, as an extreme.
        foreach (var (url, names) in new[]
        {
            ("groupby((Status),aggregate($count as N))/filter(N gt 0)/orderby(N)/compute(N as M)", "N,M"),
            ("groupby((Status),aggregate(Id with countdistinct as N))/groupby((N),aggregate($count as M))", "N,M"),
            ("groupby((Status),aggregate($count as N))/aggregate(N with max as X,N with min as Y)", "X,Y"),
            ("concat(aggregate($count as N),aggregate(Priority with countdistinct as N))", "N"),
            ("groupby((Status),aggregate($count as N))/topcount(1,N)", "N"),
        })
        {
            var row = (await desk.RowsAsync($"/odata/Tickets?$apply={url}"))[0];
            Assert.All(names.Split(','), name => Assert.Equal("#Decimal", row[$"{name}@odata.type"]!.GetValue<string>()));
            Assert.All(names.Split(','), name => Assert.Matches("^[1-9]$", row[name]!.ToJsonString()));
        }
        var groups = await desk.RowsAsync("/odata/Tickets?$apply=groupby((Id),aggregate(ResolvedAt with max as Last))&$orderby=Last");
        var (first, last) = (groups[0], groups[^1]);
        Assert.Equal(["Id", "Last"], first.Select(p => p.Key).Order(StringComparer.Ordinal)); // null has no type
        Assert.Equal("#DateTimeOffset", last["Last@odata.type"]!.GetValue<string>());
    }

    [Theory, Providers]
    public async Task Times_of_the_day_have_their_microseconds_wherever_they_are_computed(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        await using (var db = desk.Database.Open())
            await db.Tickets.ExecuteUpdateAsync(
                t => t.SetProperty(x => x.CreatedAt, new DateTime(2026, 1, 1, 23, 59, 59, DateTimeKind.Utc).AddMicroseconds(954695)),
                TestContext.Current.CancellationToken);
        foreach (var query in new[]
        {
            "$compute=time(CreatedAt) as X&$select=X", "$compute=case(true:time(CreatedAt)) as X&$select=X",
            "$apply=compute(time(CreatedAt) as X)", "$apply=compute(time(CreatedAt) as X)/groupby((X))",
            "$apply=aggregate(time(CreatedAt) with max as X)",
        })
            Assert.Equal("23:59:59.9546950", Assert.Single(await desk.RowsAsync($"/odata/Tickets?{query}"))["X"]!.GetValue<string>());
        Assert.Equal(
            "23:59:59.9546950",
            (await desk.GetAsync("/odata/Tickets(1)?$compute=time(CreatedAt) as X&$select=X"))["X"]!.GetValue<string>());
    }
}
