using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

/// <summary>Days compared with times, which is what grids send of a column of days.</summary>
public sealed class DayTests
{
    private static readonly DateOnly Third = new(2026, 1, 3);

    [Theory, Providers]
    public async Task A_day_is_the_time_at_which_it_begins(Provider provider)
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 1, 3, 15, 0, 0, TimeSpan.Zero));
        await using var desk = await FeedDesk.StartAsync(provider, clock);
        await desk.SeedAsync(30);
        foreach (var day in new[] { "CreatedDate", "date(CreatedAt)", "CreatedOn/Date" })
        {
            foreach (var midnight in new[] { "2026-01-03T00:00:00Z", "2026-01-03T00:00:00.000Z", "2026-01-03T02:00:00%2B02:00",
            "2026-01-03T02:00:00+02:00", "cast('2026-01-03T00:00:00Z',Edm.DateTimeOffset)" })
            {
                await desk.FindsAsync(
                    ($"{day} eq {midnight}", t => t.CreatedDate == Third), ($"{day} ne {midnight}", t => t.CreatedDate != Third),
                    ($"{day} gt {midnight}", t => t.CreatedDate > Third), ($"{day} ge {midnight}", t => t.CreatedDate >= Third),
                    ($"{day} lt {midnight}", t => t.CreatedDate < Third), ($"{midnight} ge {day}", t => t.CreatedDate <= Third),
                    ($"{day} ge @d&@d={midnight}", t => t.CreatedDate >= Third));
            }
            await desk.FindsAsync(
                ($"{day} in (2026-01-03T00:00:00Z,2026-01-05)", t => t.CreatedDate == Third || t.CreatedDate == Third.AddDays(2)),
                ($"{day} in (2026-01-03T12:00:00Z)", _ => false),
                ($"{day} eq 2026-01-03T12:00:00Z", _ => false), ($"{day} ne 2026-01-03T12:00:00Z", _ => true),
                ($"{day} gt 2026-01-03T12:00:00Z", t => t.CreatedDate > Third),
                ($"{day} ge 2026-01-03T12:00:00Z", t => t.CreatedDate > Third),
                ($"{day} lt 2026-01-03T12:00:00Z", t => t.CreatedDate <= Third),
                ($"{day} le 2026-01-03T12:00:00Z", t => t.CreatedDate <= Third), ($"{day} gt now()", t => t.CreatedDate > Third),
                ($"{day} le now() sub duration'P1D'", t => t.CreatedDate < Third));
        }
        await desk.FindsAsync(
            ("ResolvedDate eq 2026-01-03T00:00:00Z", t => t.ResolvedDate == Third),
            ("ResolvedDate in (null,2026-01-03T00:00:00Z)", t => t.ResolvedDate is null || t.ResolvedDate == Third),
            ("CreatedAt gt CreatedDate", t => t.CreatedAt.TimeOfDay > TimeSpan.Zero),
            ("CreatedDate lt ResolvedAt", t => t.ResolvedAt is { } at && t.CreatedAt.Date < at),
            ("CreatedDate eq 2026-01-01T00:30:00Z", _ => false), ("CreatedAt in (2026-01-01,2026-01-01T00:30:00Z)", t => t.Id == 1));
    }

    [Theory, Providers]
    public async Task Days_are_compared_with_times_in_every_set_and_option(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(60);
        foreach (var (time, day) in new[] { ("2026-01-05T00:00:00Z", "2026-01-05"), ("2026-01-05T06:00:00Z", "2026-01-06") })
        {
            foreach (var query in new[]
            {
                "Events?$filter=Date ge {0}", "Events?$filter=Ticket/CreatedDate ge {0}", "Events?$filter=On/WeekStart ge {0}",
                "Dates?$filter=Date ge {0}&$top=3", "Tickets?$filter=Events/any(e:e/Date ge {0})",
                "Tickets?$apply=filter(CreatedDate ge {0})",
                "Tickets?$apply=groupby((CreatedDate))/filter(CreatedDate ge {0})", "Tickets?$compute=CreatedDate ge {0} as X&$select=Id,X",
                "Tickets?$orderby=CreatedDate ge {0} desc,Id", "Tickets?$expand=Events($filter=Date ge {0})",
                "Tickets?$filter=Events/$count($filter=Date ge {0}) gt 1",
            })
            {
                var byDay = await desk.GetAsync($"/odata/{string.Format(query, day)}");
                var byTime = await desk.GetAsync($"/odata/{string.Format(query, time)}");
                Assert.NotEmpty(byDay["value"]!.AsArray());
                Assert.Equal(byDay["value"]!.ToJsonString(), byTime["value"]!.ToJsonString());
            }
        }
    }

    [Theory, Providers]
    public async Task Days_compared_with_times_are_compared_as_columns_with_parameters(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        foreach (var (filter, where) in new[]
        {
            ("CreatedDate ge 2026-01-03T00:00:00Z", @"t.created_date >= @\w+"),
            ("CreatedDate lt 2026-01-03T12:00:00Z", @"t.created_date < @\w+"),
            ("date(CreatedAt) eq 2026-01-03T00:00:00Z", @"t.created_date = @\w+"),
            ("CreatedDate ge now()", @"t.created_date >= @\w+"),
            ("CreatedDate in (2026-01-03T00:00:00Z)", @"t.created_date (?:= @|IN \(|= ANY \(@)"),
        })
        {
            desk.Forget();
            await desk.RowsAsync($"/odata/Tickets?$filter={filter}");
            Assert.Matches($"WHERE {where}", Assert.Single(desk.Sql).Replace("\"", ""));
        }
    }
}
