using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Triage;
using SupportTickets.Tickets;
using SupportTickets.Triage;

namespace SupportTickets.Tests.OData.Batch;

public sealed class ChangeSetTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, CombinedProviders(true), CombinedProviders(false)]
    public async Task A_change_set_that_fails_leaves_nothing_of_itself_and_has_one_answer(Provider provider, bool json)
    {
        await using var provided = await StandIn.StartAsync();
        await using var desk = await FeedDesk.StartAsync(provider, settings: provided.Settings);
        await desk.SeedAsync(1);
        var before = await StoredAsync(desk);
        Part[] failing =
        [
            Part.Change("late", "Tickets(1)", """{"Status":"resolved"}""", "g", "W/\"7\""),
            Part.Change("rule", "Tickets(1)", """{"Priority":"none"}""", "g"),
            new("absent", "PATCH", "Tickets(99)", "{}", "g"),
            new("path", "POST", "Tickets(1)/Nothing", "{}", "g"),
        ];
        foreach (var (fails, status) in failing.Zip([412, 400, 404, 404]))
        {
            Part[] parts =
            [
                Part.Create("a", "First", "g"),
                Part.Change("b", "Tickets(1)", """{"Title":"Changed","Status":"closed"}""", "g"),
                fails,
                Part.Create("z", "After", "g"),
                Part.Create("own", "Alone"),
            ];
            var answers = await desk.BatchAsync(json, parts, ("Prefer", "continue-on-error=false"));
            var only = Assert.Single(answers, a => a.Status != 424);
            Assert.Equal(json ? 4 : 1, answers.Count);
            Assert.Equal((fails.Id, status, json ? "g" : null), (only.Id, only.Status, only.Group));
            Assert.NotNull(only.Json["error"]);
            Assert.Equal(before, await StoredAsync(desk));
        }
        Assert.Empty(provided.Requests);
    }

    [Theory, CombinedProviders(true), CombinedProviders(false)]
    public async Task A_change_set_that_succeeds_is_stored_whole_and_its_parts_refer_to_each_other(Provider provider, bool json)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        var answers = await desk.BatchAsync(json,
        [
            Part.Create("a", "First", "g"),
            Part.Change("b", "$a", """{"Status":"resolved"}""", "g", "$a"),
            Part.Change("c", "/odata/Tickets(1)", """{"Priority":"critical"}""", "g", "W/\"1\""),
            Part.Get("d", "$a/Events?$orderby=Id"),
            Part.Get("e", "$b?$select=Title,Status"),
        ]);
        Assert.Equal(["a 201", "b 200", "c 200", "d 200", "e 200"], answers.Select(a => $"{a.Id} {a.Status}"));
        Assert.Equal(3, answers.Count(a => a.Group is not null));
        Assert.Equal(("http://localhost/odata/Tickets(2)", "W/\"1\""), (answers[0].Headers["Location"], answers[0].Headers["ETag"]));
        Assert.Equal("W/\"2\"", answers[1].Headers["ETag"]);
        Assert.Equal(["open", "resolved"], answers[3].Json["value"]!.AsArray().Select(e => e!["NewValue"]!.GetValue<string>()));
        Assert.Equal("First resolved", $"{answers[4].Json["Title"]} {answers[4].Json["Status"]}");
        Assert.Equal("critical", (await desk.GetAsync("/odata/Tickets(1)"))["Priority"]!.GetValue<string>());
    }

    [Theory, Providers]
    public async Task A_change_set_is_stored_without_waiting_for_scores_and_scored_later(Provider provider)
    {
        await using var triage = await TriageDesk.StartAsync(provider);
        var old = await triage.Desk.AddTicketAsync("Old");
        var asked = triage.Provider.Requests.Count;
        triage.Provider.Answer = StandIn.Hangs();
        using var response = await triage.Desk.Client.PostAsync("/odata/$batch", BatchCalls.Json(
            [
                Part.Create("a", "New", "g"),
                Part.Change("b", $"Tickets({old.Id})", """{"Title":"Other"}""", "g"),
                Part.Change("c", "$a", """{"Title":"Newer"}""", "g"),
            ]), Cancel);
        Assert.All(await BatchCalls.AnswersAsync(response), a => Assert.InRange(a.Status, 200, 201));
        Assert.Equal(asked, triage.Provider.Requests.Count);
        Assert.Equal((Sentiment.angry, 90), ((await triage.ReadAsync(old.Id)).Sentiment, (await triage.ReadAsync(old.Id)).UrgencyScore));
        Assert.Equal([old.Id, old.Id + 1], (await triage.JobsAsync()).Select(j => j.TicketId).Order());
        triage.Provider.Answer = StandIn.Says("""{"sentiment":"calm","urgency_score":7}""");
        Assert.True(await triage.RescoreAsync());
        Assert.True(await triage.RescoreAsync());
        Assert.Empty(await triage.JobsAsync());
        foreach (var id in new[] { old.Id, old.Id + 1 })
            Assert.Equal(7, (await triage.ReadAsync(id)).UrgencyScore);
    }

    [Theory, Providers]
    public async Task Change_sets_that_lock_each_other_out_all_go_through(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        var sets = Enumerable.Range(0, 4).Select(n => desk.BatchAsync(json: true,
        [
            Part.Change("a", n % 2 == 0 ? "Tickets(1)" : "Tickets(2)", $$"""{"Description":"a {{n}}"}""", "g"),
            Part.Change("b", n % 2 == 0 ? "Tickets(2)" : "Tickets(1)", $$"""{"Description":"b {{n}}"}""", "g"),
        ]));
        foreach (var answers in await Task.WhenAll(sets))
            Assert.True(
                answers.All(a => a.Status is 200) || answers.All(a => a.Status is 409 or 412 or 424),
                string.Join(' ', answers.Select(a => a.Status + a.Body)));
        await using var db = desk.Database.Open();
        var written = await db.TicketEvents
            .Where(e => e.Field == TicketField.description)
            .Select(e => new { e.TicketId, e.NewValue })
            .ToListAsync(Cancel);
        Assert.Equal(
            written.Where(e => e.TicketId == 1).Select(e => e.NewValue[2..]).Order(),
            written.Where(e => e.TicketId == 2).Select(e => e.NewValue[2..]).Order());
        Assert.NotEmpty(written);
    }

    private static async Task<string> StoredAsync(FeedDesk desk)
    {
        await using var db = desk.Database.Open();
        var ticket = await db.Tickets.SingleAsync(t => t.Id == 1, Cancel);
        var (tickets, events) = (await db.Tickets.CountAsync(Cancel), await db.TicketEvents.CountAsync(Cancel));
        var (jobs, results) = (await db.ScoringJobs.CountAsync(Cancel), await db.TriageResults.CountAsync(Cancel));
        return $"{tickets} {events} {jobs} {results} {ticket.Title} {ticket.Version}";
    }
}
