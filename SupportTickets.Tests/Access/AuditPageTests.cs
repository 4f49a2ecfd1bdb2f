using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Data;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;
using SupportTickets.Tests.Pages;

namespace SupportTickets.Tests.Access;

public sealed class AuditPageTests
{
    private static readonly DateTime Start = new(2026, 11, 24, 8, 0, 0, DateTimeKind.Utc);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task The_log_is_read_newest_first_page_by_page_by_person_and_by_act_in_one_statement_each(Provider provider)
    {
        await using var feed = await FeedDesk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var root = await feed.Desk.AddPersonAsync(Role.admin, "Root");
        var ada = await feed.Desk.AddPersonAsync(Role.agent, "Ada");
        await feed.Desk.AddTokenAsync(ada);
        var site = await feed.Desk.SiteAsync(root);
        await site.PressAsync(await site.GetAsync($"/settings/users/{ada.Id}"), "[data-role] button", ("role", "viewer"));
        await using (var db = feed.Database.Open())
            await FillAsync(db, 120, i => Start, ada.Id);

        var first = await AskAsync("/settings/audit", "LIMIT");
        Assert.Equal(AccessLogList.PageSize, first.Texts("[data-log] tbody tr").Count);
        Assert.Equal("24 Nov 2026, 08:00 UTC <i>119</i> Could not sign in person 119 192.0.2.1", first.Texts("[data-log] tbody tr")[0]);
        var last = await AskAsync((await AskAsync(first.Href("[rel=next]"))).Href("[rel=next]"));
        Assert.Equal(
            "Signed in", last.Texts("[data-log] td:nth-child(3)").First(act => act != "Could not sign in" && act != "Changed a role"));
        Assert.Empty(last.Texts("[rel=next]"));
        Assert.Equal("/settings/audit", last.Href(".pager a"));

        // By the one who did it and by the one it was done to, each line once.
        var hers = await AskAsync($"/settings/audit?person={Uri.EscapeDataString(" ADA@example.com")}", "UNION");
        Assert.Equal("ada@example.com", hers.Value("person"));
        var all = hers.Texts("[data-log] td:nth-child(3)").ToList();
        for (var page = hers; page.Texts("[rel=next]").Count > 0;)
            all.AddRange((page = await AskAsync(page.Href("[rel=next]"))).Texts("[data-log] td:nth-child(3)"));
        Assert.Equal(60 + 3, all.Count);
        Assert.Equal(["Changed a role", "Made a token", "Made an account"], all[60..]);
        var token = await AskAsync($"/settings/audit?person={ada.Id}&act=token_created");
        Assert.Equal(
            ["Ada Made a token A write token", "token_created"],
            [string.Join(' ', token.Texts("[data-log] tr td:nth-child(n+2)").Take(3)).Split(" (")[0], token.Value("act")]);
        Assert.Equal($"/settings/users/{ada.Id}", token.Href("[data-log] a"));
        Assert.Equal(["Root"], (await AskAsync("/settings/audit?act=role_changed")).Texts("[data-log] td:nth-child(2)"));

        Assert.Equal(
            "Nothing of that kind is kept. Show everything.", (await AskAsync("/settings/audit?act=invitation_revoked")).Text(".empty"));
        Assert.Equal("Nothing comes after this. Go to the first page.", (await AskAsync("/settings/audit?before=1")).Text(".empty"));
        foreach (var (bad, words) in new[]
        {
            (
                "person=nobody%40example.com",
                "Nobody here has this e-mail address. Check it, or find the person in the list of people."),
            ("person=x%00", "Nobody here has"),
            ("act=nope", "There is no such act. Choose one from the list."),
        })
        {
            var wrong = await site.GetAsync($"/settings/audit?{bad}");
            Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
            Assert.StartsWith(words, wrong.Text(".problem li"));
        }

        async Task<Answer> AskAsync(string url, string? sql = null)
        {
            feed.Forget();
            var answer = await site.GetAsync(url);
            TestContext.Current.TestOutputHelper?.WriteLine($"{url}\n{string.Join("\n\n", feed.Sql)}\n");
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            var statement = Assert.Single(feed.Sql, s => s.Contains("access_log"));
            Assert.Contains(sql ?? "", statement);
            return answer;
        }
    }

    [Theory, Providers]
    public async Task What_is_older_than_the_setting_says_is_deleted_in_batches_by_however_many_instances(Provider provider)
    {
        var clock = new Triage.TimerClock(new(Start));
        await using var desk = await Desk.StartAsync(provider, clock, settings: ("ACCESS_LOG_DAYS", "30"));
        await using var db = desk.Database.Open();
        const int old = 2 * TrimAccessLog.BatchSize + 10;
        await FillAsync(db, old + 5, i => Start.AddDays(-30).AddSeconds(i < old ? -1 : 0), 1);
        var counts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => TrimAsync(desk))));
        Assert.All(counts, count => Assert.InRange(count, 0, TrimAccessLog.BatchSize));
        Assert.InRange(counts.Max(), 1, TrimAccessLog.BatchSize);
        while (await TrimAsync(desk) > 0) ;
        Assert.Equal(5, await db.AccessLog.CountAsync(Cancel));

        // By itself, every now and then.
        clock.Advance(TimeSpan.FromDays(1));
        for (var (left, rounds) = (5, 0); left > 0; left = await db.AccessLog.CountAsync(Cancel))
        {
            Assert.True(++rounds < 100_000, "The worker does not wake up.");
            clock.Advance(AccessLogWorker.Interval);
            await Task.Yield();
        }

        // Time went on while it worked: it would look once more.
        await desk.Services.GetServices<IHostedService>().OfType<AccessLogWorker>().Single().StopAsync(Cancel);
        await FillAsync(db, 1, _ => Start.AddYears(-10), 1);
        var forever = Desk.Start(desk.Database, clock, settings: ("ACCESS_LOG_DAYS", "0"));
        Assert.Equal(0, await TrimAsync(forever));
        Assert.Equal(1, await db.AccessLog.CountAsync(Cancel));
        forever.Client.Dispose();
    }

    private static async Task<int> TrimAsync(Desk desk)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<TrimAccessLog>().RunAsync(Cancel);
    }

    // Every other is about the person.
    private static async Task FillAsync(TicketDb db, int count, Func<int, DateTime> at, int personId)
    {
        for (var i = 0; i < count; i++)
            db.AccessLog.Add(
                new()
                {
                    At = at(i),
                    Act = AccessAction.sign_in_failed,
                    Actor = $"<i>{i}</i>",
                    About = $"person {i}",
                    ActorId = i % 4 == 0 ? personId : null,
                    PersonId = i % 2 == 0 ? personId : null,
                    Address = "192.0.2.1",
                });
        await db.SaveChangesAsync(Cancel);
    }
}
