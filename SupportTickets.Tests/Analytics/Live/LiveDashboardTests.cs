using System.Net;
using System.Net.Http.Json;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SupportTickets.Access;
using SupportTickets.Analytics.Live;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;
using SupportTickets.Tests.Pages;
using SupportTickets.Tests.Tickets.Live;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Changes;
using SupportTickets.Tickets.Live;

namespace SupportTickets.Tests.Analytics.Live;

/// <summary>What a dashboard that stays open is told.</summary>
public sealed class LiveDashboardTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_change_by_any_instance_is_told_once_and_nothing_else_is(Provider provider)
    {
        var clock = new WatchClock();
        await using var desk = await Desk.StartAsync(provider, clock);
        var other = Desk.Start(desk.Database, new ManualClock(ManualClock.Monday)); // not disposed of: the database is the first desk's
        var ticket = await other.AddTicketAsync();
        await using var stream = await EventStream.OpenAsync(desk.Client);
        Assert.Equal("ready", await stream.NextAsync());

        await ChangedAsync(() => other.AddTicketAsync());
        await ChangedAsync(() => desk.Client.PatchAsJsonAsync($"/api/tickets/{ticket.Id}/", new { status = "closed" }, Cancel));
        await ChangedAsync(() => other.Client.DeleteAsync($"/odata/Tickets({ticket.Id})", Cancel));

        // What changes no field of a ticket, or nothing at all, is passed over: the next word is that of the connection.
        await other.AddPersonAsync(Role.agent);
        foreach (var isInternal in (bool[])[true, false]) await other.AddCommentAsync(2, "x", isInternal);
        await other.Client.PatchAsJsonAsync("/api/tickets/2/", new { status = "open" }, Cancel);
        foreach (var isInternal in (bool[])[true, false]) await other.AddCommentAsync(2, "x", isInternal);
        await other.DeleteCommentAsync(1);
        await other.TagAsync(2, "x");
        await other.AddFileAsync(2, "x", [1]);
        var since = stream.Mark;
        while (clock.Looks < ChangeWatch.LooksPerBeat) await clock.LookAsync();
        Assert.Equal("beat", await stream.NextAsync());
        await using var back = await EventStream.OpenAsync(desk.Client, since);
        Assert.Equal("ready", await back.NextAsync());

        async Task ChangedAsync(Func<Task> change)
        {
            var mark = stream.Mark;
            await change();
            await clock.LookAsync();
            Assert.Equal("changed", await stream.NextAsync());
            Assert.NotEqual(mark, stream.Mark);
        }
    }

    /// <summary>However many pages are open, the figures are read once for each change and period.</summary>
    [Theory, Providers]
    public async Task Pages_that_were_told_of_one_change_share_what_is_read_for_it(Provider provider)
    {
        var clock = new WatchClock();
        await using var desk = await FeedDesk.StartAsync(provider, clock);
        await using var stream = await EventStream.OpenAsync(desk.Client);
        Assert.Equal("ready", await stream.NextAsync());
        await desk.Desk.AddTicketAsync();
        await clock.LookAsync();
        Assert.Equal("changed", await stream.NextAsync());
        var first = stream.Mark;

        Assert.Equal(("1", true), await FetchAsync("/", first));
        Assert.Equal(("1", false), await FetchAsync("/", first));
        Assert.Equal(("1", true), await FetchAsync("/?period=7d", first));
        await desk.Desk.AddTicketAsync();
        Assert.Equal(("1", false), await FetchAsync("/", first)); // of this change the page is told next
        Assert.Equal(("2", true), await FetchAsync("/", null));
        Assert.Equal(("2", true), await FetchAsync("/", "nonsense"));
        await clock.LookAsync();
        Assert.Equal("changed", await stream.NextAsync());
        Assert.Equal(("2", true), await FetchAsync("/", stream.Mark));
        for (var spent = TimeSpan.Zero; spent < SharedDashboards.Lifetime; spent += ChangeWatch.Interval) await clock.LookAsync();
        Assert.Equal(("2", true), await FetchAsync("/", stream.Mark));

        async Task<(string? Total, bool IsRead)> FetchAsync(string url, string? told)
        {
            desk.Forget();
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            if (told is not null) request.Headers.Add("Last-Event-ID", told);
            using var answer = await desk.Client.SendAsync(request, Cancel);
            var page = new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(Cancel));
            return (page.QuerySelector("[data-figure=total]")?.TextContent, desk.Sql.Any(sql => sql.Contains("ticket_totals")));
        }
    }

    [Fact]
    public async Task A_change_that_is_committed_after_a_later_one_is_told_too()
    {
        var clock = new WatchClock();
        await using var desk = await Desk.StartAsync(Provider.Postgres, clock);
        await using var slow = desk.Database.Open();
        await using var transaction = await slow.Database.BeginTransactionAsync(Cancel);
        slow.Tickets.Add(TicketLifeCycle.Create(
            new NewTicket("slow", "d", Category.general, Priority.low, Status.open), Score.Fallback, clock.GetUtcNow().UtcDateTime,
            Origin.Triage));
        await slow.SaveChangesAsync(Cancel);
        await using var stream = await EventStream.OpenAsync(desk.Client);
        Assert.Equal("ready", await stream.NextAsync());

        await desk.AddTicketAsync("fast");
        await clock.LookAsync();
        Assert.Equal("changed", await stream.NextAsync());
        await transaction.CommitAsync(Cancel);
        await clock.LookAsync();
        Assert.Equal("changed", await stream.NextAsync());
    }

    [Theory, Providers]
    public async Task Whoever_comes_or_comes_back_is_told_of_what_happened_since_the_page_was_made(Provider provider)
    {
        var clock = new WatchClock();
        await using var desk = await Desk.StartAsync(provider, clock);
        await desk.AddTicketAsync();
        var page = await new Site(desk).GetAsync("/");
        var made = page.Document.QuerySelector("[data-live]")!.GetAttribute("data-mark")!;
        await using var stream = await EventStream.OpenAsync(desk.Client); // stays open, so that the watch goes on
        Assert.Equal("ready", await stream.NextAsync());
        Assert.Equal("ready", await FirstAsync(made));

        await desk.AddTicketAsync();
        await clock.LookAsync();
        Assert.Equal("changed", await stream.NextAsync()); // from here on the watch knows of it
        Assert.Equal("changed", await FirstAsync(made));
        Assert.Equal("ready", await FirstAsync(made, lastEventId: stream.Mark));
        Assert.Equal("changed", await FirstAsync(stream.Mark, lastEventId: made));
        foreach (var nonsense in (string[])
        [
            "",
            "x",
            "1.1.1",
            "CfDJ8",
            made[..^4],
            made + "A",
            new string('1', 5000),
        ])
            Assert.Equal((nonsense, "ready"), (nonsense, await FirstAsync(nonsense)));
        var ahead = new ChangeMark { Event = long.MaxValue, Deletion = long.MaxValue, Next = long.MaxValue, Running = [long.MaxValue] };
        Assert.NotNull(await FirstAsync(desk.Services.GetRequiredService<MarkSeal>().Seal(ahead)));

        async Task<string?> FirstAsync(string since, string? lastEventId = null)
        {
            await using var stream = await EventStream.OpenAsync(desk.Client, since, lastEventId);
            return await stream.NextAsync();
        }
    }

    [Fact]
    public async Task However_many_listen_the_database_is_asked_once_and_without_anybody_not_at_all()
    {
        var clock = new WatchClock();
        await using var desk = await Desk.StartAsync(Provider.Sqlite, clock);
        Assert.Equal(0, clock.Looks);
        var watch = desk.Services.GetRequiredService<ChangeWatch>();
        var listeners = Enumerable.Range(0, 5).Select(i => watch.Listen($"caller {i}").Listener!).ToList();
        await clock.PauseAsync();
        Assert.Equal(1, clock.Looks);
        await clock.LookAsync();
        await clock.PauseAsync();
        Assert.Equal(2, clock.Looks);
        foreach (var listener in listeners) listener.Dispose();
        await clock.LookAsync();
        using var late = watch.Listen("late").Listener!; // the watch has ended, so it begins anew
        await clock.PauseAsync();
        Assert.Equal(3, clock.Looks);
    }

    [Fact]
    public async Task It_is_a_stream_that_nothing_between_keeps_back()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, new WatchClock());
        await using var stream = await EventStream.OpenAsync(desk.Client);
        Assert.Equal("ready", await stream.NextAsync());
        var response = stream.Response;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no", Assert.Single(response.Headers.GetValues("X-Accel-Buffering")));
        Assert.True(response.Headers.CacheControl!.NoCache);
        Assert.DoesNotContain(response.Content.Headers.ContentEncoding, e => e is "gzip" or "br");
    }

    [Fact]
    public async Task A_caller_has_so_many_and_an_instance_so_many_and_no_more()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, new WatchClock());
        var watch = desk.Services.GetRequiredService<ChangeWatch>();
        var all = Enumerable.Range(0, ChangeWatch.MaxListeners).Select(i => watch.Listen($"caller {i}").Listener!).ToList();
        await RefusedAsync(HttpStatusCode.ServiceUnavailable);
        foreach (var listener in all) listener.Dispose();

        var mine = Enumerable.Range(0, ChangeWatch.MaxPerCaller).Select(_ => watch.Listen("address ").Listener!).ToList();
        await RefusedAsync(HttpStatusCode.TooManyRequests);
        mine[0].Dispose();
        await using var stream = await EventStream.OpenAsync(desk.Client);
        Assert.Equal("ready", await stream.NextAsync());

        async Task RefusedAsync(HttpStatusCode status)
        {
            using var answer = await desk.Client.GetAsync("/dashboard/changes", Cancel);
            Assert.Equal(status, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.Contains("Too many pages are open", await answer.Content.ReadAsStringAsync(Cancel));
        }
    }

    [Theory]
    [CombinedProviders("UPDATE people SET security_stamp = 'another'", false)]
    [CombinedProviders("UPDATE people SET deactivated_at = '2026-11-23 00:00:00'", true)]
    [CombinedProviders("UPDATE access_tokens SET revoked_at = '2026-11-23 00:00:00'", true)]
    public async Task It_ends_when_the_session_or_the_token_does(Provider provider, string sql, bool byToken)
    {
        var clock = new WatchClock();
        await using var desk = await Desk.StartAsync(provider, clock, settings: ("ACCESS", "closed"));
        using var client = byToken
            ? desk.ClientWith(await desk.AddTokenAsync(Role.viewer, TokenScope.read))
            : await desk.SignedInAsync(Role.viewer);
        await using var stream = await EventStream.OpenAsync(client);
        Assert.Equal("ready", await stream.NextAsync());
        await BeatAsync();
        Assert.Equal("beat", await stream.NextAsync());

        await using (var db = desk.Database.Open()) Assert.NotEqual(0, await db.Database.ExecuteSqlRawAsync(sql, Cancel));
        await BeatAsync();
        Assert.Null(await stream.NextAsync());

        async Task BeatAsync()
        {
            do
            {
                await clock.LookAsync();
                await clock.PauseAsync();
            }
            while (clock.Looks % ChangeWatch.LooksPerBeat != 0);
        }
    }

    [Fact]
    public async Task Who_may_not_read_is_told_nothing()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, new WatchClock(), settings: ("ACCESS", "submit"));
        using var answer = await desk.Client.GetAsync("/dashboard/changes", Cancel);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    [Fact]
    public async Task A_desk_that_stops_ends_the_streams_at_once_and_begins_none()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, new WatchClock(), kestrel: true);
        await using var stream = await EventStream.OpenAsync(desk.Client);
        Assert.Equal("ready", await stream.NextAsync());
        var watch = desk.Services.GetRequiredService<ChangeWatch>(); // a desk that has stopped gives no services any more
        desk.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.Null(await stream.NextAsync());
        Assert.NotNull(watch.Listen("late").Refusal);
    }
}
