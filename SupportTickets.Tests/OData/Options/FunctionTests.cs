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

    [Theory, Providers]
    public async Task Functions_give_the_same_right_answer_on_both_databases_or_are_not_offered_on_either(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        await using (var db = desk.Database.Open())
        {
            var time = new DateTime(2026, 1, 1, 23, 59, 59, DateTimeKind.Utc).AddMicroseconds(954695);
            await db.Tickets
                .Where(t => t.Id == 1)
                .ExecuteUpdateAsync(t => t.SetProperty(x => x.Title, "😀 MÜLLER Straße ДА").SetProperty(x => x.CreatedAt, time), Cancel);
        }
        var wrong = new List<string>();
        foreach (var (id, filter) in FunctionCases.True
            .Select(filter => (2, filter))
            .Concat(FunctionCases.TrueOfTheOther.Select(filter => (1, filter))))
        {
            foreach (var (text, expected) in new[] { (filter, "1"), ($"not ({filter})", "0") })
            {
                using var response = await desk.Client.GetAsync($"/odata/Tickets/$count?$filter=Id eq {id} and ({text})", Cancel);
                var answer = await response.Content.ReadAsStringAsync(Cancel);
                if (answer != expected)
                    wrong.Add($"{text}: {answer}");
            }
        }
        foreach (var (filter, status) in FunctionCases.NotOffered
            .Select(filter => (filter, HttpStatusCode.NotImplemented))
            .Concat(FunctionCases.Refused.Select(filter => (filter, HttpStatusCode.BadRequest))))
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
