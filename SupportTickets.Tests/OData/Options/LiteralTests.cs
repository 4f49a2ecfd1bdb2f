using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

/// <summary>Literals and operators as OData 4.01 lets them be written.</summary>
public sealed class LiteralTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Conformance 4.01, Minimal 7.
    [Theory, Providers]
    public async Task Operators_and_literals_are_read_in_any_case(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(12);
        await desk.FindsAsync(
            ("UrgencyScore IN (7,14)", t => t.UrgencyScore is 7 or 14),
            ("Title In('Ticket 1','Ticket 2')", t => t.Title is "Ticket 1" or "Ticket 2"),
            ("UrgencyScore DIVBY 2 EQ 3.5 OR UrgencyScore Divby 2 Eq 10.5", t => t.UrgencyScore is 7 or 21),
            ("TRUE", _ => true),
            ("FALSE or Id GT 3", t => t.Id > 3),
            ("ResolvedAt EQ NULL", t => t.ResolvedAt is null),
            ("(Status eq 'open') Eq True", t => t.Status == Status.open),
            ("Events/ANY(E:E/NewValue EQ 'closed') AND Events/$COUNT GT 1", t => t.Status == Status.closed),
            ("$IT/Id LE 2", t => t.Id <= 2));
        var sums = await desk.RowsAsync(
            "/odata/Tickets?$apply=GROUPBY((Status),AGGREGATE(UrgencyScore WITH SUM AS Sum,$COUNT AS Count,Id with CountDistinct as Ids))");
        Assert.Equal(12, sums.Sum(row => row["Count"]!.GetValue<int>()));
        Assert.All(sums, row => Assert.Equal(row["Count"]!.GetValue<int>(), row["Ids"]!.GetValue<int>()));
    }

    // Texts of the grammar stand for any case (RFC 5234, 2.3), as in booleanValue and format; nanInfinity alone has its own.
    [Theory, Providers]
    public async Task Options_take_their_words_in_any_case_and_numbers_that_are_none_in_their_own(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(4);
        foreach (var (word, counted) in new[] { ("True", true), ("TRUE", true), ("true", true), ("False", false), ("FALSE", false) })
        {
            Assert.Equal(counted, (await desk.GetAsync($"/odata/Tickets?$count={word}")).ContainsKey("@odata.count"));
            Assert.Equal(counted, (await desk.GetAsync($"/odata/Tickets?COUNT={word}")).ContainsKey("@odata.count"));
            foreach (var expand in new[] { "Events($count={0})", "Events($count={0};$top=1)", "Events/$ref($count={0})" })
                Assert.Equal(
                    counted,
                    (await desk.RowsAsync($"/odata/Tickets?$expand={expand.Replace("{0}", word)}"))[0].ContainsKey("Events@odata.count"));
        }
        await desk.FailAsync("/odata/Tickets?$count=yes", HttpStatusCode.BadRequest);
        foreach (var word in new[] { "JSON", "Json", "json", "Application/JSON;odata.metadata=Minimal" })
            Assert.Equal(4, (await desk.RowsAsync($"/odata/Tickets?$format={word}")).Count);
        using var metadata = await desk.Client.GetAsync("/odata/$metadata?$format=XML", Cancel);
        Assert.Equal("application/xml", metadata.Content.Headers.ContentType?.MediaType);
        await desk.FailAsync("/odata/Tickets?$format=ATOM", HttpStatusCode.NotAcceptable);
        await desk.FindsAsync(("UrgencyScore lt INF", _ => true), ("UrgencyScore gt -INF", _ => true));
        foreach (var name in new[] { "inf", "Inf", "-inf", "nan", "NAN", "Infinity" })
            await desk.FailAsync($"/odata/Tickets?$filter=UrgencyScore lt {name}", HttpStatusCode.BadRequest);
    }

    // Conformance 4.01, Minimal 9.2.
    [Theory, Providers]
    public async Task Durations_need_no_prefix(Provider provider)
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero));
        await using var desk = await FeedDesk.StartAsync(provider, clock);
        await desk.SeedAsync(9);
        await desk.FindsAsync(
            ("CreatedAt gt now() sub 'PT10H'", t => t.CreatedAt > clock.Now().AddHours(-10)),
            ("CreatedAt lt 2026-01-01T00:00:00Z add 'P1D'", t => t.CreatedAt < new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc)),
            ("CreatedAt lt 2026-01-01T00:00:00Z add @d&@d='P1D'", t => t.CreatedAt < new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc)));
        await desk.FindsAsync(
            ("CreatedAt gt now() sub 2 mul 'PT5H'", t => t.CreatedAt > clock.Now().AddHours(-10)),
            ("CreatedAt gt now() sub duration'PT5H' mul 2", t => t.CreatedAt > clock.Now().AddHours(-10)),
            ("CreatedAt gt now() sub 'PT20H' div 2", t => t.CreatedAt > clock.Now().AddHours(-10)),
            ("CreatedAt gt now() sub duration'PT25H' divby 2.5", t => t.CreatedAt > clock.Now().AddHours(-10)),
            ("totalseconds('PT1M') eq 60 and totalseconds(duration'PT1H' mul 1.5) eq 5400 and Id lt 5", t => t.Id < 5),
            ("duration'PT1H' eq 'PT60M' and 'PT1S' lt duration'PT2S' and Id lt 5", t => t.Id < 5),
            ("duration'PT1H' in ('PT60M',duration'P1D') and Id lt 5", t => t.Id < 5));
        await desk.RefusesWithAsync(("$filter=CreatedAt gt now() sub 'yesterday'", "is no duration"),
        ("$filter=duration'PT1H' div 0 eq 'PT1H'", "cannot be"));
    }

    [Theory, Providers]
    public async Task A_member_of_an_enumeration_may_be_its_number_wherever_it_is_compared(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(12);
        await desk.FindsAsync(
            ("Priority eq '2'", t => t.Priority == Priority.high),
            ("'2' ne Priority", t => t.Priority != Priority.high),
            ("Priority ge '2'", t => t.Priority >= Priority.high),
            ("Priority in ('0','high')", t => t.Priority is Priority.low or Priority.high),
            ("Priority in (SupportTickets.Priority'low',SupportTickets.Priority'3')", t => t.Priority is Priority.low or Priority.critical),
            ("Priority eq SupportTickets.Priority'2'", t => t.Priority == Priority.high),
            ("Priority eq cast('2',SupportTickets.Priority)", t => t.Priority == Priority.high),
            ("Priority eq cast(2,SupportTickets.Priority)", t => t.Priority == Priority.high),
            ("Priority eq @p&@p='2'", t => t.Priority == Priority.high));
        await desk.FindsAsync(
            ("cast(Priority,Edm.Int32) eq 2", t => t.Priority == Priority.high),
            ("cast(Priority,'Edm.Int64') add 1 gt 2.5", t => t.Priority >= Priority.high),
            ("cast(UrgencyScore mod 4,SupportTickets.Priority) eq Priority", t => t.UrgencyScore % 4 == (int)t.Priority));
        await desk.RefusesWithAsync(
            ("$filter=Priority eq '4'", "no member"), ("$filter=Priority in ('%2B2')", "no member"),
            ("$filter=Priority in (' low')", "no member"),
            ("$filter=Priority in ('low,high')", "no member"), ("$filter=Priority eq ' 2'", "no member"),
            ("$filter=cast('4',SupportTickets.Priority) eq Priority", "no member"));
    }

    // URL Conventions 4.01, 5.1.1.8: who keeps times in UTC must fail.
    [Theory, Providers]
    public async Task Parts_of_a_time_with_an_offset_are_refused_since_times_are_kept_in_UTC(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        foreach (var function in new[] { "year", "month", "day", "hour", "minute", "date", "time", "totaloffsetminutes" })
        {
            foreach (var time in new[] { "2026-01-01T00:00:00%2B02:00", "2026-01-01T00:00:00-05:30 add duration'PT1H'",
            "case(Id gt 1:2026-01-01T00:00:00%2B02:00,true:now())", "cast('2026-01-01T00:00:00%2B02:00',Edm.DateTimeOffset)" })
            {
                foreach (var query in new[] { "$filter={0} ne null", "$orderby={0}", "$compute={0} as X&$select=X",
                "$apply=compute({0} as X)", "$expand=Events($filter={0} ne null)", "$filter=@x ne null&@x={0}" })
                    await desk.RefusesWithAsync((string.Format(query, $"{function}({time})"), "in UTC"));
            }
        }
        await desk.FindsAsync(
            ("hour(2026-01-01T00:00:00Z) eq 0 and hour(2026-01-01T05:00:00-00:00) eq 5 and Id gt 1", t => t.Id > 1),
            ("second(2026-01-01T00:00:07%2B02:00) eq 7 and Id gt 1", t => t.Id > 1),
            ("CreatedAt ge 2026-01-01T09:30:00%2B02:00", t => t.CreatedAt >= new DateTime(2026, 1, 1, 7, 30, 0, DateTimeKind.Utc)));
    }

    [Theory, Providers]
    public async Task A_bare_plus_sign_in_a_time_is_the_offset_that_it_must_be(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(9);
        var at = new DateTime(2026, 1, 1, 7, 30, 0, DateTimeKind.Utc);
        await desk.FindsAsync(
            ("CreatedAt ge 2026-01-01T09:30:00+02:00", t => t.CreatedAt >= at),
            ("CreatedAt eq 2026-01-01T09:30:00.000+02:00", t => t.CreatedAt == at),
            ("CreatedAt in (2026-01-01T09:30:00+02:00,2026-01-01T16:30+02:00)", t => t.Id is 2 or 3),
            ("CreatedAt eq @t&@t=2026-01-01T09:30:00+02:00", t => t.CreatedAt == at),
            ("CreatedAt lt 2026-01-01t07:30:00z", t => t.CreatedAt < at),
            ("CreatedAt eq cast('2026-01-01T09:30:00+02:00',Edm.DateTimeOffset)", t => t.CreatedAt == at),
            ("UrgencyScore lt 1.4e+1", t => t.UrgencyScore < 14));
    }

    [Theory, Providers]
    public async Task Text_in_quotation_marks_is_never_read_as_anything_else(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        const string Title =
            "it's TRUE in (1) divby NULL case(a:b,c:d) cast(x,Edm.Int32) substringof('x') 2026-01-01T00:00:00 02:00 \"has\"";
        await using (var db = desk.Database.Open())
            await db.Tickets.Where(t => t.Id == 2).ExecuteUpdateAsync(t => t.SetProperty(x => x.Title, Title), Cancel);
        var literal = Uri.EscapeDataString($"'{Title.Replace("'", "''")}'");
        var json = Uri.EscapeDataString($"[\"{Title.Replace("\"", "\\\"")}\"]");
        await desk.FindsAsync(
            ($"Title eq {literal}", t => t.Id == 2), ($"Title in ('x',{literal})", t => t.Id == 2), ($"Title in {json}", t => t.Id == 2),
            ($"Title eq case(Id gt 0:{literal})", t => t.Id == 2),
            ($"contains(Title,' 2026-01-01T00:00:00 02:00 ')", t => t.Id == 2), ("Title eq @t&@t=" + literal, t => t.Id == 2));
    }

    [Theory, Providers]
    public async Task What_older_versions_of_OData_wrote_is_refused_with_what_to_write(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.RefusesWithAsync(
            ("$inlinecount=allpages", "$count=true"), ("$filter=substringof('a',Title)", "contains"),
            ("$filter=substringof('a',Title) eq true", "contains"), ("$apply=filter(substringof('a',Title))", "contains"),
            ("$expand=Events($filter=substringof('a',NewValue))", "contains"),
            ("$filter=CreatedAt gt datetime'2026-01-01T00:00:00'", "2026-01-05T09:45:00Z"),
            ("$filter=CreatedAt gt datetimeoffset'2026-01-01T00:00:00Z'", "2026-01-05T09:45:00Z"),
            ("$filter=now() sub CreatedAt gt time'PT1H'", "duration'PT1H'"), ("$filter=Id eq guid'0'", "without prefix"),
            ("$filter=Status has 'open'", "eq or in"));
    }
}
