using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

/// <summary>
/// The canonical functions of the standard (OData URL Conventions 4.01, 5.1.1), each with its right answer on both databases.
/// </summary>
public sealed class FunctionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Over one ticket: Title "Ticket 1", UrgencyScore 7, CreatedAt 2026-01-01T07:30:00Z, done 11 minutes later.
    private static readonly string[] True =
    [
        "concat(Title,'!') eq 'Ticket 1!'",
        "concat(concat('a','b'),Title) eq 'abTicket 1'",
        "contains(Title,'icke')",
        "not contains(Title,'ICKE')",
        "endswith(Title,'t 1')",
        "startswith(Title,'Tick')",
        "not startswith(Title,'tick')",
        "not endswith(Title,'T 1')",
        "endswith(Title,'')",
        "startswith(Title,'')",
        "not startswith(Title,'%25')",
        "not endswith(Title,'A longer text than the title')",
        "Events/any(e: startswith(e/OldValue,'op'))",
        "indexof(Title,'cke') eq 2",
        "indexof(Title,'x') eq -1",
        "indexof('abc','c') eq 2",
        "length(Title) eq 8",
        "substring(Title,7) eq '1'",
        "substring(Title,0,6) eq 'Ticket'",
        "substring(Title,6,99) eq ' 1'",
        "substring(Title,99) eq ''",
        "substring(Title,99,1) eq ''",
        "substring(Title,UrgencyScore) eq '1'",
        "substring(Title,UrgencyScore sub 9,2) eq 'Ti'",
        "substring('abc',1) eq 'bc'",
        "substring('abc',1,1) eq 'b'",
        "tolower(Title) eq 'ticket 1'",
        "toupper(Title) eq 'TICKET 1'",
        "tolower(toupper(Title)) eq 'ticket 1'",
        "trim('  a ') eq 'a'",
        "trim(concat(' ',Title)) eq 'Ticket 1'",
        "trim(concat('%09%0D%0A%C2%A0%E2%80%83',concat(Title,'%E3%80%80'))) eq 'Ticket 1'",
        "trim(cast(Status,Edm.String)) eq 'closed'",
        "trim(concat(' ',cast(Category,Edm.String))) eq 'technical'",
        "trim('%C2%A0a%E2%80%83') eq 'a'",
        "year(CreatedAt) eq 2026",
        "month(CreatedAt) eq 1",
        "day(CreatedAt) eq 1",
        "hour(CreatedAt) eq 7",
        "minute(CreatedAt) eq 30",
        "second(CreatedAt) eq 0",
        "fractionalseconds(CreatedAt) eq 0",
        "date(CreatedAt) eq 2026-01-01",
        "year(CreatedDate) eq 2026",
        "month(CreatedDate) eq 1",
        "day(CreatedDate) eq 1",
        "year(ResolvedAt) eq 2026",
        "minute(ResolvedAt) eq 41",
        "second(ResolvedAt) eq 0",
        "now() gt CreatedAt",
        "time(CreatedAt) eq 07:30:00",
        "time(CreatedAt) lt 07:30:00.5",
        "time(ResolvedAt) eq 07:41:00",
        "hour(time(CreatedAt)) eq 7",
        "minute(time(ResolvedAt)) eq 41",
        "second(time(CreatedAt)) eq 0",
        "mindatetime() lt CreatedAt",
        "maxdatetime() gt CreatedAt",
        "mindatetime() lt maxdatetime()",
        "totaloffsetminutes(CreatedAt) eq 0",
        "totaloffsetminutes(ResolvedAt) eq 0",
        "totalseconds(duration'PT1M') eq 60",
        "totalseconds(ResolvedAt sub CreatedAt) eq 660",
        "totalseconds(CreatedAt sub ResolvedAt) eq -660",
        "totalseconds(now() sub CreatedAt) gt 0",
        "year(mindatetime()) eq 1",
        "hour(maxdatetime()) eq 23",
        "year(case(Id gt 0:mindatetime(),true:CreatedAt)) eq 1",
        "second(case(Id gt 0:maxdatetime(),true:CreatedAt)) eq 59",
        "date(case(Id gt 0:mindatetime(),true:CreatedAt)) eq 0001-01-01",
        "date(case(Id gt 0:maxdatetime(),true:CreatedAt)) in (2026-01-01,9999-12-31)",
        "time(case(Id gt 0:mindatetime(),true:CreatedAt)) eq 00:00:00",
        "date(mindatetime()) in (0001-01-01)",
        "CreatedDate gt 0001-01-01 and CreatedDate lt 9999-12-31 and CreatedDate gt mindatetime()",
        "totalseconds(CreatedAt sub mindatetime()) gt 6e10",
        "CreatedAt gt mindatetime() add duration'P1D'",
        "maxdatetime() sub duration'P1D' lt maxdatetime()",
        "case(Id gt 0:mindatetime(),true:CreatedAt) eq 0001-01-01T00:00:00Z",
        "case(Id gt 0:maxdatetime(),true:CreatedAt) eq 9999-12-31T23:59:59.9999999Z",
        "round(UrgencyScore div 2.0) eq 4",
        "round(2.5) eq 3",
        "round(-2.5) eq -3",
        "round(3.5) eq 4",
        "round(2.4) eq 2",
        "round(0.5) eq 1",
        "round(UrgencyScore div 2.8) eq 3",
        "round((UrgencyScore sub 2) div 2.0) eq 3",
        "round((2 sub UrgencyScore) div 2.0) eq -3",
        "round(UrgencyScore) eq 7",
        "round(UrgencyScore mul 0.1) eq 1",
        "floor(UrgencyScore div 2.0) eq 3",
        "ceiling(UrgencyScore div 2.0) eq 4",
        "floor(-3.5) eq -4",
        "ceiling(-3.5) eq -3",
        "floor(UrgencyScore) eq 7",
        "floor(UrgencyScore sub 10.5) eq -4",
        "UrgencyScore add 3 eq 10",
        "UrgencyScore sub 9 eq -2",
        "UrgencyScore mul 2 eq 14",
        "UrgencyScore div 2 eq 3",
        "UrgencyScore mod 4 eq 3",
        "-UrgencyScore eq -7",
        "7 div 2 eq 3",
        "-7 div 2 eq -3",
        "(-UrgencyScore) div 2 eq -3",
        "-7 mod 4 eq -3",
        "(-UrgencyScore) mod 4 eq -3",
        "totalseconds(2100-01-01T00:00:00Z sub 2021-01-03T23:59:59.954695Z) mod 2 eq 0.045305",
        "(UrgencyScore add 0.0000000000000007) mod 5 eq 2.000000000000001",
        "case(Id gt 0:totalseconds(2100-01-01T00:00:00Z sub 2021-01-03T23:59:59.954695Z),true:0.5) mod 2 eq 0.045305",
        "0.3 mod 0.1 eq 0",
        "not (totalseconds(null sub CreatedAt) ne null)",
        "totalseconds(null sub CreatedAt) eq null",
        "not contains(Description,substring(concat(null,Title),0,3)) ne true",
        "date(maxdatetime()) eq 9999-12-31",
        "UrgencyScore div 2.0 eq 3.5",
        "UrgencyScore mod 2.5 eq 2",
        "7.5 mod 2 eq 1.5",
        "UrgencyScore add 0.1 eq 7.1",
        "UrgencyScore mul 0.1 lt 0.71",
        "UrgencyScore divby 2 eq 3.5",
        "7 divby 2 eq 3.5",
        "2 mul UrgencyScore divby 4 eq 3.5",
        "1 add UrgencyScore divby 2 eq 4.5",
        "Title ne 'a divby b'",
        "UrgencyScore gt 6.5",
        "2147483647 sub 1 eq 2147483646",
        "2147483648 add UrgencyScore eq 2147483655",
        "cast(UrgencyScore,Edm.Double) div 2 eq 3.5",
        "cast(UrgencyScore,Edm.Int64) mul 2147483647 gt 2147483647",
        "cast(UrgencyScore div 2.0,Edm.Int32) eq 4",
        "cast(UrgencyScore,Edm.String) eq '7'",
        "cast('7',Edm.Int32) eq UrgencyScore",
        "cast('7.0',Edm.Double) eq UrgencyScore",
        "cast('true',Edm.Boolean) and UrgencyScore eq 7",
        "CreatedAt ge cast('2020-01-01T00:00:00Z',Edm.DateTimeOffset) and UrgencyScore eq 7",
        "CreatedDate gt cast('2020-01-01',Edm.Date) and UrgencyScore eq 7",
        "cast(Priority,Edm.String) eq 'critical'",
        "cast('critical',SupportTickets.Priority) eq Priority",
        "cast(UrgencyScore,Edm.Decimal) eq 7",
        "cast(ResolutionMinutes,Edm.Int64) eq 11",
        "Events/any(e: cast(e/Id,Edm.String) eq '3')",
        "Events/any(e: contains(e/NewValue,'los'))",
        "Title in ('x','Ticket 1')",
        "not (Title in ('x','y'))",
        "Title gt 'Ticket 0' and Title lt 'Ticket 2'",
    ];

    // Over another: Title "😀 MÜLLER Straße ДА", CreatedAt 2026-01-01T23:59:59.954695Z, not done.
    private static readonly string[] TrueOfTheOther =
    [
        "second(CreatedAt) eq 59",
        "minute(CreatedAt) eq 59",
        "hour(CreatedAt) eq 23",
        "day(CreatedAt) eq 1",
        "fractionalseconds(CreatedAt) eq 0.954695",
        "fractionalseconds(CreatedAt) gt 0.9546 and fractionalseconds(CreatedAt) lt 0.9547",
        "time(CreatedAt) eq 23:59:59.954695",
        "time(CreatedAt) gt 23:59:59",
        "second(time(CreatedAt)) eq 59",
        "fractionalseconds(time(CreatedAt)) eq 0.954695",
        "totalseconds(CreatedAt sub 2026-01-01T23:59:00Z) eq 59.954695",
        "length(Title) eq 18",
        "length('😀') eq 1",
        "indexof(Title,'MÜ') eq 2",
        "indexof('😀a','a') eq 1",
        "substring(Title,2,6) eq 'MÜLLER'",
        "substring(Title,0,1) eq '😀'",
        "substring('😀ab',1) eq 'ab'",
        "tolower(Title) eq '😀 müller straße да'",
        "contains(toupper(Title),'STRA')",
        "contains(tolower(Title),'да')",
        "toupper('ü') eq 'Ü'",
        "contains(Title,'😀')",
        "startswith(Title,'😀 M')",
        "endswith('🎫😀 MÜLLER Straße ДА',Title)",
        "startswith('😀 MÜLLER Straße ДА🎫',Title)",
        "contains('🎫😀 MÜLLER Straße ДА',Title)",
        "indexof('🎫😀 MÜLLER Straße ДА',Title) eq 1",
        "not endswith('🎫 MÜLLER Straße ДА',Title)",
        "substring('🎫😀ab',length(Title) sub 16) eq 'ab'",
        "substring('🎫😀ab',length(Title) sub 17,2) eq '😀a'",
        "length(concat('🎫',Title)) eq 19",
        "length(concat('🎫','a')) eq 2",
        "length(trim(' 🎫 ')) eq 1",
        "length(tolower('🎫')) eq 1",
        "length(substring('🎫a',0,1)) eq 1",
        "indexof('🎫a',substring('ba',1)) eq 1",
        "endswith(concat('🎫',Title),Title)",
        "endswith(Title,'ДА')",
        "second(ResolvedAt) eq null",
        "time(ResolvedAt) eq null",
        "totaloffsetminutes(ResolvedAt) eq null",
        "totalseconds(ResolvedAt sub CreatedAt) eq null",
        "fractionalseconds(ResolvedAt) eq null",
        "cast(ResolutionMinutes,Edm.String) eq null",
    ];

    // What the library or the databases cannot do is said so, the same on both.
    private static readonly string[] NotOffered =
    [
        "matchesPattern(Title,'^T')",
        "isof(Id,Edm.String)",
        "cast(Title,Edm.Int64) eq 1",
        "cast(CreatedAt,Edm.String) eq 'x'",
        "cast(UrgencyScore div 2.0,Edm.String) eq '3.5'",
        "cast(Title,Edm.Date) eq 2026-01-01",
        "totalseconds(CreatedDate sub 2026-01-01) eq 0",
        "CreatedDate add duration'P1D' gt 2026-01-02",
        "CreatedDate sub duration'P1D' lt 2026-01-02",
        "2026-01-01 add duration'P1D' lt CreatedDate",
        "ResolvedDate sub CreatedDate gt duration'PT0S'",
        "Title eq $root/Tickets(1)/Title",
    ];

    private static readonly string[] Refused =
    [
        "1 div 0 eq 1",
        "UrgencyScore div 0 eq 1",
        "UrgencyScore mod 0 eq 1",
        "100 div (UrgencyScore sub UrgencyScore) gt 1",
        "100 mod (UrgencyScore sub UrgencyScore) gt 1",
        "100.5 mod (UrgencyScore sub UrgencyScore) gt 1",
        "2147483647 add 1 eq -2147483648",
        "UrgencyScore add 2147483647 gt 0",
        "UrgencyScore mul 2147483647 gt 0",
        "-2147483640 sub UrgencyScore mul 10 lt 0",
        "cast(UrgencyScore,Edm.Int64) mul 9223372036854775807 gt 0",
        "9223372036854775807 add 1 gt 0",
        "CreatedAt gt mindatetime() sub duration'P1D'",
        "CreatedAt lt maxdatetime() add duration'P1D'",
        "contains(Title,'a%00b')",
        "Title eq '%00'",
        "Title in ('%00')",
        "concat(Title,'%00') eq 'x'",
        "substring(Title,-1) eq 'x'",
        "substring(Title,0,-1) eq 'x'",
        "length(UrgencyScore) eq 1",
        "year(Title) eq 1",
        "second('x') eq 1",
        "nope(Title) eq 1",
        "round('x') eq 1",
    ];

    [Theory, Providers]
    public async Task Functions_give_the_same_right_answer_on_both_databases_or_are_not_offered_on_either(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        await using (var db = desk.Database.Open())
        {
            var time = new DateTime(2026, 1, 1, 23, 59, 59, DateTimeKind.Utc).AddMicroseconds(954695);
            await db
                .Tickets.Where(t => t.Id == 1)
                .ExecuteUpdateAsync(t => t.SetProperty(x => x.Title, "😀 MÜLLER Straße ДА").SetProperty(x => x.CreatedAt, time), Cancel);
        }
        var wrong = new List<string>();
        foreach (var (id, filter) in True.Select(filter => (2, filter)).Concat(TrueOfTheOther.Select(filter => (1, filter))))
        {
            foreach (var (text, expected) in new[] { (filter, "1"), ($"not ({filter})", "0") })
            {
                using var response = await desk.Client.GetAsync($"/odata/Tickets/$count?$filter=Id eq {id} and ({text})", Cancel);
                var answer = await response.Content.ReadAsStringAsync(Cancel);
                if (answer != expected)
                    wrong.Add($"{text}: {answer}");
            }
        }
        foreach (var (filter, status) in NotOffered
            .Select(filter => (filter, HttpStatusCode.NotImplemented))
            .Concat(Refused.Select(filter => (filter, HttpStatusCode.BadRequest))))
        {
            using var response = await desk.Client.GetAsync($"/odata/Tickets?$filter={filter}", Cancel);
            if (response.StatusCode != status)
                wrong.Add($"{filter}: {await response.Content.ReadAsStringAsync(Cancel)}");
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Theory, Providers]
    public async Task Functions_compute_and_sort_as_they_filter(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(9);
        var row = (await desk.RowsAsync(
            "/odata/Tickets?$select=Id,R,S,F,T,D,H,U&$compute=round(UrgencyScore div 2.0) as R,second(CreatedAt) as S,"
                + "fractionalseconds(CreatedAt) as F,time(CreatedAt) as T,totalseconds(ResolvedAt sub CreatedAt) as D,"
                + "UrgencyScore divby 2 as H,toupper(Title) as U&$filter=Id eq 2"))[0];
        var values = string.Join(',', row.Where(p => !p.Key.Contains('@')).Select(p => $"\"{p.Key}\":{p.Value!.ToJsonString()}"));
        Assert.Equal(
            """{"Id":2,"R":4,"S":0,"F":0,"T":"07:30:00.0000000","D":660,"H":3.5,"U":"TICKET 1"}""",
            $"{{{values}}}".Replace("4.0", "4").Replace("0.0,", "0,").Replace("660.0", "660"));
        const string Ordered = "/odata/Tickets?$orderby=round(UrgencyScore div 10.0) desc,time(CreatedAt),second(CreatedAt)&$select=Id";
        var ids = (await desk.RowsAsync(Ordered)).Select(r => r["Id"]!.GetValue<int>()).ToList();
        await using var db = desk.Database.Open();
        var expected = (await db.Tickets.ToListAsync(Cancel))
            .OrderByDescending(t => Math.Round(t.UrgencyScore / 10.0, MidpointRounding.AwayFromZero))
            .ThenBy(t => t.CreatedAt.TimeOfDay)
            .ThenBy(t => t.Id)
            .Select(t => t.Id);
        Assert.Equal(expected, ids);
        Assert.Equal(ids, (await desk.WalkAsync(Ordered, pageSize: 2)).Select(r => r["Id"]!.GetValue<int>()));
    }
}
