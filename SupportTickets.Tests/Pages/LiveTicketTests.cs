using System.Net;
using System.Net.Http.Json;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Tickets.Live;
using SupportTickets.Tickets.Live;

namespace SupportTickets.Tests.Pages;

/// <summary>What the open page of a ticket is told, and what it says then.</summary>
public sealed class LiveTicketTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_page_is_told_of_each_change_of_its_ticket_by_any_instance_and_of_no_other(Provider provider)
    {
        var clock = new WatchClock();
        await using var desk = await Desk.StartAsync(provider, clock);
        var other = Desk.Start(desk.Database, new ManualClock(ManualClock.Monday)); // not disposed of: the database is the first desk's
        var (own, foreign) = ((await desk.AddTicketAsync()).Id, (await desk.AddTicketAsync()).Id);
        var ada = await desk.AddPersonAsync(Role.agent, "Ada");
        await using var stream = await OpenAsync(desk.Client, own, await NewestAsync(desk, own));
        Assert.Equal("ready", await stream.NextAsync());

        await ChangedAsync(() => other.AddCommentAsync(own, "A reply"));
        await ChangedAsync(() => other.AddCommentAsync(own, "A note", isInternal: true, by: ada));
        await ChangedAsync(() => other.TagAsync(own, "printer"));
        await ChangedAsync(() => desk.Client.PatchAsJsonAsync($"/api/tickets/{own}/", new { status = "closed" }, Cancel));
        Assert.Equal(stream.Mark, await NewestAsync(desk, own));

        // What others do elsewhere is passed over: the next word is that of the connection.
        await other.AddCommentAsync(foreign, "A reply");
        await desk.Client.DeleteAsync($"/odata/Tickets({foreign})", Cancel);
        while (clock.Looks < ChangeWatch.LooksPerBeat) await clock.LookAsync();
        Assert.Equal("beat", await stream.NextAsync());
        await ChangedAsync(() => other.Client.DeleteAsync($"/odata/Tickets({own})", Cancel));
        using var gone = await desk.Client.GetAsync($"/tickets/{own}/changes", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);

        async Task ChangedAsync(Func<Task> change)
        {
            var mark = stream.Mark;
            await change();
            await clock.LookAsync();
            Assert.Equal("changed", await stream.NextAsync());
            Assert.NotEqual(mark, stream.Mark);
        }
    }

    [Theory, Providers]
    public async Task Who_may_not_read_notes_is_not_told_of_one_and_the_others_are(Provider provider)
    {
        var clock = new WatchClock();
        await using var desk = await Desk.StartAsync(provider, clock, settings: ("ACCESS", "closed"));
        var id = (await desk.AddTicketAsync()).Id;
        using var with = desk.ClientWith(await desk.AddTokenAsync(Role.viewer, TokenScope.read));
        using var without = desk.ClientWith(await desk.AddTokenAsync(Role.viewer, TokenScope.read_without_notes));
        var made = await NewestAsync(desk, id, without);
        await using var reader = await OpenAsync(with, id, made);
        await using var stranger = await OpenAsync(without, id, made);
        foreach (var stream in new[] { reader, stranger }) Assert.Equal("ready", await stream.NextAsync());

        await desk.AddCommentAsync(id, "A note", isInternal: true);
        await clock.LookAsync();
        Assert.Equal("changed", await reader.NextAsync());
        Assert.NotEqual(made, reader.Mark);
        await using (var late = await OpenAsync(without, id, made)) Assert.Equal("ready", await late.NextAsync());
        Assert.Equal(made, await NewestAsync(desk, id, without));

        await desk.AddCommentAsync(id, "A reply");
        await clock.LookAsync();
        Assert.Equal("changed", await stranger.NextAsync()); // the first word since the page was made
        Assert.Equal(stranger.Mark, await NewestAsync(desk, id, without));
    }

    [Theory, Providers]
    public async Task Whoever_comes_back_is_told_what_happened_since_the_page_was_made_and_the_page_says_it(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, new WatchClock());
        var ada = await desk.AddPersonAsync(Role.agent, "Ada");
        var site = new Site(desk);
        var id = (await desk.AddTicketAsync()).Id;
        await desk.AddCommentAsync(id, "Before");
        var made = await NewestAsync(desk, id);
        Assert.Equal("ready", await FirstAsync(made));
        Assert.Empty((await site.GetAsync($"/tickets/{id}?since={made}")).Texts("[data-news] p"));

        await desk.AddCommentAsync(id, "After", by: ada);
        await desk.TagAsync(id, "fire");
        await desk.AddCommentAsync(id, "It burns", requester: "Rita");
        var last = await desk.AddCommentAsync(id, "Call her", isInternal: true, by: ada);
        Assert.Equal("changed", await FirstAsync(made));
        Assert.Equal("ready", await FirstAsync(made, lastEventId: await NewestAsync(desk, id)));
        foreach (var nonsense in (string[])["", "x", "-1", "1.5", "99999999999999999999"])
            Assert.Equal((nonsense, "ready"), (nonsense, await FirstAsync(nonsense)));
        var page = await site.GetAsync($"/tickets/{id}?since={made}");
        Assert.Equal(
            "Ada replied. tester added the tag fire. Rita replied. And 1 more. Show",
            page.Text("[data-news] p").Replace("\u2068", "").Replace("\u2069", ""));
        Assert.Equal($"#comment-{last.Id}", page.Href("[data-news] a"));
        Assert.Empty((await site.GetAsync($"/tickets/{id}")).Texts("[data-news] p"));

        async Task<string?> FirstAsync(string since, string? lastEventId = null)
        {
            await using var stream = await OpenAsync(desk.Client, id, since, lastEventId);
            return await stream.NextAsync();
        }
    }

    // The notice with Undo is for the page that follows what somebody did, not for the one that others made fetch itself.
    [Fact]
    public async Task A_page_that_fetches_itself_takes_no_notice_away()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        var id = (await desk.AddTicketAsync()).Id;
        var page = await site.GetAsync($"/tickets/{id}");
        var sent = await site.PressAsync(page, "button[value=resolved]");
        Assert.Empty((await site.GetAsync($"/tickets/{id}?since=1")).Texts("[data-outcome]"));
        Assert.Equal("Saved: resolved. Undo", (await site.GetAsync(sent.Location!)).Text("[data-outcome]"));
    }

    [Fact]
    public async Task Pages_and_dashboards_count_together_and_who_may_not_read_is_told_nothing()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, new WatchClock());
        var id = (await desk.AddTicketAsync()).Id;
        var streams = new List<EventStream>();
        for (var i = 0; i < ChangeWatch.MaxPerCaller; i++)
            streams.Add(i % 2 == 0 ? await OpenAsync(desk.Client, id, "") : await EventStream.OpenAsync(desk.Client));
        using (var refused = await desk.Client.GetAsync($"/tickets/{id}/changes", Cancel))
            Assert.Equal((HttpStatusCode.TooManyRequests, true), (refused.StatusCode, refused.Headers.RetryAfter is not null));
        foreach (var stream in streams) await stream.DisposeAsync();

        await using var closed = Desk.Start(desk.Database, settings: ("ACCESS", "submit"));
        using var answer = await closed.Client.GetAsync($"/tickets/{id}/changes", Cancel);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    private static Task<EventStream> OpenAsync(HttpClient client, int id, string since, string? lastEventId = null) =>
        EventStream.OpenAsync(client, since, lastEventId, $"/tickets/{id}/changes");

    private static async Task<string> NewestAsync(Desk desk, int id, HttpClient? client = null) =>
        (await new Site(desk, client).GetAsync($"/tickets/{id}")).Document.QuerySelector("article")!.GetAttribute("data-newest")!;
}
