using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Calendar;

namespace SupportTickets.Tests.OData;

public sealed class CalendarTests(SharedDesks desks) : IClassFixture<SharedDesks>
{
    // Every day of the calendar as the feed writes it; the same for both databases.
    private static readonly Lazy<string[]> Rows = new(() => [.. Days().Select(day => Row(day).ToJsonString())]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Every_day_says_what_the_ISO_calendar_says(Provider provider)
    {
        var desk = await DeskAsync(provider);
        var days = new List<string>();
        for (var next = "/odata/Dates"; next is not null;)
        {
            using var answer = await desk.SendAsync(HttpMethod.Get, next, (HttpContent?)null, ("Prefer", "odata.maxpagesize=10000"));
            using var page = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(Cancel), cancellationToken: Cancel);
            days.AddRange(page.RootElement.GetProperty("value").EnumerateArray().Select(day => day.GetRawText()));
            next = page.RootElement.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }
        Assert.Equal(Rows.Value, days);
    }

    [Theory, Providers]
    public async Task Tickets_and_events_group_by_the_calendar_in_one_statement(Provider provider)
    {
        var desk = await DeskAsync(provider);
        await using var db = desk.Database.Open();
        var tickets = await db.Tickets.AsNoTracking().Include(t => t.Events).ToListAsync(Cancel);
        (string Query, IEnumerable<string> Expected)[] cases =
        [
            (
                "Tickets?$apply=groupby((CreatedOn/Year,CreatedOn/Month),aggregate($count as N))",
                tickets.GroupBy(t => (t.CreatedAt.Year, t.CreatedAt.Month))
                    .OrderBy(g => g.Key)
                    .Select(g => $$"""{"CreatedOn":{"Year":{{g.Key.Year}},"Month":{{g.Key.Month}}},"N":{{g.Count()}}}""")),
            (
                "Tickets?$apply=groupby((CreatedOn/IsoYear,CreatedOn/IsoWeek),aggregate(UrgencyScore with max as Most))"
                    + "&$orderby=CreatedOn/IsoYear desc,CreatedOn/IsoWeek desc",
                tickets.GroupBy(t => (Year: ISOWeek.GetYear(t.CreatedAt), Week: ISOWeek.GetWeekOfYear(t.CreatedAt)))
                    .OrderByDescending(g => g.Key)
                    .Select(g => (g.Key, Most: g.Max(t => t.UrgencyScore)))
                    .Select(g => $$"""{"CreatedOn":{"IsoYear":{{g.Key.Year}},"IsoWeek":{{g.Key.Week}}},"Most":{{g.Most}}}""")),
            (
                "Tickets?$apply=filter(ResolvedOn/Quarter eq 1)"
                    + "/groupby((ResolvedOn/Weekday,ResolvedOn/WeekdayName),aggregate($count as N))",
                tickets.Where(t => t.ResolvedAt is not null && t.ResolvedAt.Value.Month < 4)
                    .GroupBy(t => Iso(t.ResolvedAt!.Value.DayOfWeek))
                    .OrderBy(g => g.Key)
                    .Select(g => (g.Key, Name: $"{g.First().ResolvedAt:dddd}", N: g.Count()))
                    .Select(g => $$"""{"ResolvedOn":{"Weekday":{{g.Key}},"WeekdayName":"{{g.Name}}"},"N":{{g.N}}}""")),
            (
                "Events?$apply=filter(On/IsWeekend)/groupby((On/MonthStart,Field),aggregate($count as N))",
                tickets.SelectMany(t => t.Events)
                    .Where(e => Iso(e.At.DayOfWeek) > 5)
                    .GroupBy(e => (Start: new DateOnly(e.At.Year, e.At.Month, 1), e.Field))
                    .OrderBy(g => g.Key)
                    .Select(g => $$"""{"On":{"MonthStart":"{{g.Key.Start:O}}"},"Field":"{{g.Key.Field}}","N":{{g.Count()}}}""")),
        ];
        foreach (var (query, expected) in cases)
        {
            desk.Forget();
            var rows = await desk.RowsAsync($"/odata/{query}");
            Assert.Single(desk.Sql);
            Assert.Equal(expected.Select(text => Plain(JsonNode.Parse(text)!)), rows.Select(Plain));
            Assert.True(rows.Count > 1, query);
        }
    }

    [Theory, Providers]
    public async Task Tickets_and_events_are_filtered_sorted_and_expanded_by_the_calendar_in_one_statement(Provider provider)
    {
        var desk = await DeskAsync(provider);
        await using var db = desk.Database.Open();
        var tickets = await db.Tickets.AsNoTracking().Include(t => t.Events).OrderBy(t => t.Id).ToListAsync(Cancel);
        (string Query, IEnumerable<long> Expected)[] cases =
        [
            ("Tickets?$filter=CreatedOn/IsoWeek eq 4", tickets.Where(t => ISOWeek.GetWeekOfYear(t.CreatedAt) == 4).Select(t => (long)t.Id)),
            ("Tickets?$filter=ResolvedOn/IsLastDayOfMonth", tickets.Where(t => t.ResolvedAt?.AddDays(1).Day == 1).Select(t => (long)t.Id)),
            ("Tickets?$filter=ResolvedOn eq null", tickets.Where(t => t.ResolvedAt is null).Select(t => (long)t.Id)),
            (
                "Tickets?$filter=ResolvedOn/Date gt CreatedOn/Date",
                tickets.Where(t => t.ResolvedDate > t.CreatedDate).Select(t => (long)t.Id)),
            (
                "Tickets?$filter=Events/any(e: e/On/Weekday eq 7)",
                tickets.Where(t => t.Events.Any(e => e.At.DayOfWeek == DayOfWeek.Sunday)).Select(t => (long)t.Id)),
            (
                "Tickets?$orderby=CreatedOn/Weekday desc,CreatedOn/DayOfYear",
                tickets
                    .OrderByDescending(t => Iso(t.CreatedAt.DayOfWeek))
                    .ThenBy(t => t.CreatedAt.DayOfYear)
                    .ThenBy(t => t.Id)
                    .Select(t => (long)t.Id)),
            (
                "Events?$filter=On/MonthName eq 'February' and Ticket/CreatedOn/Weekday eq 3",
                tickets
                    .SelectMany(t => t.Events, (t, e) => (t, e))
                    .Where(x => x.e.At.Month == 2 && x.t.CreatedAt.DayOfWeek == DayOfWeek.Wednesday)
                    .Select(x => x.e.Id)
                    .Order()), // by ids, as the feed answers; events need not be stored in the order of their tickets
            ("Dates?$filter=Year eq 2026 and IsLastDayOfQuarter", [20260331, 20260630, 20260930, 20261231]),
        ];
        foreach (var (query, expected) in cases)
        {
            desk.Forget();
            var rows = await desk.RowsAsync($"/odata/{query}");
            Assert.Single(desk.Sql);
            Assert.Equal(expected, rows.Select(row => (row["Id"] ?? row["Key"])!.GetValue<long>()));
            Assert.NotEmpty(rows);
        }
        desk.Forget();
        var expanded = await desk.RowsAsync(
            "/odata/Tickets?$select=Id&$expand=CreatedOn,ResolvedOn($select=IsoYear,IsoWeek),"
                + "Events($select=Id;$expand=On($select=Key))&$top=3");
        Assert.Single(desk.Sql);
        foreach (var (row, ticket) in expanded.Zip(tickets))
        {
            Assert.Equal(Row(ticket.CreatedDate).ToJsonString(), row["CreatedOn"]!.ToJsonString());
            Assert.Equal(
                ticket.ResolvedAt is { } at ? $$"""{"IsoYear":{{ISOWeek.GetYear(at)}},"IsoWeek":{{ISOWeek.GetWeekOfYear(at)}}}""" : null,
                row["ResolvedOn"]?.ToJsonString());
            Assert.Equal(ticket.Events.Select(e => Key(e.Date)), row["Events"]!.AsArray().Select(e => e!["On"]!["Key"]!.GetValue<int>()));
        }
    }

    [Theory, Providers]
    public async Task A_day_has_an_address_and_is_only_read(Provider provider)
    {
        var desk = await DeskAsync(provider);
        foreach (var path in new[]
        {
            "Dates(20260101)",
            "Dates/20260101",
            "Tickets(2)/CreatedOn",
            "Tickets(2)/ResolvedOn",
            "Events(1)/On",
            "Events(3)/Ticket/ResolvedOn",
            "Tickets(2)/Events(3)/On",
        })
        {
            desk.Forget();
            var day = await desk.GetAsync($"/odata/{path}");
            Assert.Single(desk.Sql);
            Assert.EndsWith("$metadata#Dates/$entity", day["@odata.context"]!.GetValue<string>());
            Assert.Equal(20260101, day["Key"]!.GetValue<int>());
            Assert.EndsWith("Dates(20260101)", (await desk.GetAsync($"/odata/{path}/$ref"))["@odata.id"]!.GetValue<string>());
            Assert.Equal("Thursday", (await desk.GetAsync($"/odata/{path}/WeekdayName"))["value"]!.GetValue<string>());
            Assert.Equal("2025-12-29", await desk.Client.GetStringAsync($"/odata/{path}/WeekStart/$value", Cancel));
        }
        Assert.Equal("36525", await desk.Client.GetStringAsync("/odata/Dates/$count", Cancel));
        Assert.Equal("53", await desk.Client.GetStringAsync("/odata/Dates/$count?$filter=Year eq 2026 and Weekday eq 4", Cancel));

        using var none = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets(1)/ResolvedOn");
        Assert.Equal((HttpStatusCode.NoContent, 0), (none.StatusCode, (await none.Content.ReadAsByteArrayAsync(Cancel)).Length));
        foreach (var absent in new[]
        {
            "Dates(20260230)",
            "Dates(19991231)",
            "Tickets(999)/ResolvedOn",
            "Tickets(1)/ResolvedOn/Year",
            "Tickets(1)/ResolvedOn/$ref",
            "Dates(x)",
        })
            await desk.FailAsync($"/odata/{absent}", HttpStatusCode.NotFound);
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, "Dates"),
            (HttpMethod.Patch, "Dates(20260101)"),
            (HttpMethod.Put, "Dates(20260101)"),
            (HttpMethod.Delete, "Dates(20260101)"),
            (HttpMethod.Put, "Tickets(1)/CreatedOn/$ref"),
        })
        {
            using var refused = await desk.SendAsync(method, $"/odata/{path}", "{}");
            await FeedDesk.ErrorAsync(refused, HttpStatusCode.MethodNotAllowed);
        }
        using var written = await desk.SendAsync(HttpMethod.Patch, "/odata/Tickets(1)", """{"CreatedOn":{"Year":1999}}""");
        Assert.Equal(
            "nested_entity", (await FeedDesk.ErrorAsync(written, HttpStatusCode.BadRequest))["details"]![0]!["code"]!.GetValue<string>());
    }

    [Theory, Providers]
    public async Task What_came_in_outside_the_calendar_is_counted_too(Provider provider)
    {
        var clock = new ManualClock(new DateTimeOffset(1999, 12, 31, 23, 59, 59, TimeSpan.Zero));
        await using var desk = await FeedDesk.StartAsync(provider, clock);
        foreach (var by in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromDays(36525) })
        {
            clock.Advance(by);
            using var created = await desk.SendAsync(
                HttpMethod.Post, "/odata/Tickets", """{"Title":"t","Description":"d","Category":"billing","Priority":"low"}""");
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        }
        foreach (var (column, all) in new[] { ("ResolvedOn", "null 3"), ("CreatedOn", "null 2;2000 1") })
        {
            var grouped = await desk.RowsAsync(
                $"/odata/Tickets?$apply=compute({column}/Year add 0 as Y)/groupby((Y),aggregate($count as N))");
            Assert.Equal(all, string.Join(';', grouped.Select(g => $"{g["Y"]?.ToString() ?? "null"} {g["N"]}")));
            var computed = await desk.RowsAsync($"/odata/Tickets?$compute={column}/Year add 1 as Next&$select=Id,Next");
            Assert.Equal(
                column == "CreatedOn" ? ["null", "2001", "null"] : ["null", "null", "null"],
                computed.Select(row => row["Next"]?.ToString() ?? "null"));
        }
        var groups = await desk.RowsAsync("/odata/Tickets?$apply=groupby((CreatedOn/Year),aggregate($count as N))");
        Assert.Equal(["null 2", "2000 1"], groups.Select(g => $"{g["CreatedOn"]?["Year"]?.ToString() ?? "null"} {g["N"]}"));
        var tickets = await desk.RowsAsync("/odata/Tickets?$select=Id&$expand=CreatedOn($select=Key)");
        Assert.Equal(["null", "20000101", "null"], tickets.Select(t => t["CreatedOn"]?["Key"]?.ToString() ?? "null"));
        foreach (var (order, ids) in new[]
        {
            ("CreatedOn/Year", (int[])[1, 3, 2]),
            ("CreatedOn/Year desc", [2, 1, 3]),
            ("CreatedOn/MonthName,Id desc", [3, 1, 2]),
            ("CreatedOn/IsWeekend desc", [2, 1, 3]),
            ("CreatedOn/IsLastDayOfWeek", [1, 3, 2]),
            ("CreatedOn/Year mul 2", [1, 3, 2]),
            ("length(CreatedOn/MonthName) desc", [2, 1, 3]),
        })
            Assert.Equal(
                ids, (await desk.WalkAsync($"/odata/Tickets?$orderby={order}", pageSize: 1)).Select(t => t["Id"]!.GetValue<int>()));
        // No value is no 2000.
        Assert.Equal("2", await desk.Client.GetStringAsync("/odata/Tickets/$count?$filter=CreatedOn/Year ne 2000", Cancel));
        Assert.Equal(
            "3", await desk.Client.GetStringAsync("/odata/Tickets/$count?$filter=CreatedOn eq null or CreatedOn/Year gt 1900", Cancel));
        using var none = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets(1)/CreatedOn");
        Assert.Equal(HttpStatusCode.NoContent, none.StatusCode);
    }

    // For tests that only read.
    private Task<FeedDesk> DeskAsync(Provider provider) => desks.OfAsync(provider, async p =>
    {
        var desk = await FeedDesk.StartAsync(p);
        await desk.SeedAsync(150);
        return desk;
    });

    // Without what is said about the row, and in one order.
    private static string Plain(JsonNode? node)
    {
        if (node is not JsonObject row) return node?.ToJsonString() ?? "null";
        var properties = row.Where(p => !p.Key.Contains('@')).OrderBy(p => p.Key, StringComparer.Ordinal);
        return $"{{{string.Join(',', properties.Select(p => $"{p.Key}:{Plain(p.Value)}"))}}}";
    }

    private static IEnumerable<DateOnly> Days()
    {
        for (var day = CalendarDay.First; day <= CalendarDay.Last; day = day.AddDays(1))
            yield return day;
    }

    private static JsonObject Row(DateOnly day)
    {
        var time = day.ToDateTime(TimeOnly.MinValue);
        var (weekday, next) = (Iso(day.DayOfWeek), day.AddDays(1));
        return new()
        {
            ["Key"] = Key(day),
            ["Date"] = $"{day:O}",
            ["Year"] = day.Year,
            ["Quarter"] = ((day.Month - 1) / 3) + 1,
            ["Month"] = day.Month,
            ["MonthName"] = time.ToString("MMMM", CultureInfo.InvariantCulture),
            ["IsoYear"] = ISOWeek.GetYear(time),
            ["IsoWeek"] = ISOWeek.GetWeekOfYear(time),
            ["Weekday"] = weekday,
            ["WeekdayName"] = day.DayOfWeek.ToString(),
            ["DayOfMonth"] = day.Day,
            ["DayOfYear"] = day.DayOfYear,
            ["WeekStart"] = $"{day.AddDays(1 - weekday):O}",
            ["MonthStart"] = $"{new DateOnly(day.Year, day.Month, 1):O}",
            ["IsWeekend"] = weekday > 5,
            ["IsLastDayOfWeek"] = weekday == 7,
            ["IsLastDayOfMonth"] = next.Month != day.Month,
            ["IsLastDayOfQuarter"] = next.Month != day.Month && day.Month % 3 == 0,
            ["IsLastDayOfYear"] = next.Year != day.Year,
        };
    }

    private static int Key(DateOnly day) => (day.Year * 10_000) + (day.Month * 100) + day.Day;

    private static int Iso(DayOfWeek day) => day == DayOfWeek.Sunday ? 7 : (int)day;
}
