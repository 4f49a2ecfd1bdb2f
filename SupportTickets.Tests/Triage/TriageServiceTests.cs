using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Core;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Writing;
using SupportTickets.Triage;

namespace SupportTickets.Tests.Triage;

public sealed class TriageServiceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Without_a_key_the_fallback_answers_and_nothing_is_kept(Provider database)
    {
        await using var desk = await TriageDesk.StartAsync(database, key: false);
        var triage = desk.Desk.Services.GetRequiredService<TriageService>();
        Assert.Equal(
            new Classification(Category.general, Priority.low, null) { IsFallback = true },
            await triage.ClassifyAsync("My invoice is wrong", Cancel));
        Assert.Equal(
            new TitleSuggestion("My invoice is wrong", null), await triage.SuggestTitleAsync("My invoice is wrong. Twice.", Cancel));
        var ticket = await desk.Desk.AddTicketAsync();
        Assert.Equal((Sentiment.neutral, 50), (ticket.Sentiment, ticket.UrgencyScore));
        Assert.Empty(await desk.ResultsAsync());
        Assert.Empty(await desk.JobsAsync());
        Assert.Empty(desk.Provider.Requests);
    }

    [Theory, Providers]
    public async Task What_was_suggested_and_what_the_person_kept_are_kept(Provider database)
    {
        await using var desk = await TriageDesk.StartAsync(database);
        var triage = desk.Desk.Services.GetRequiredService<TriageService>();
        desk.Provider.Answer = StandIn.Says("""{"category":"billing","priority":"high"}""");
        var classification = await triage.ClassifyAsync("Charged twice", Cancel);
        desk.Provider.Answer = StandIn.Says("""{"title":"Double charge"}""");
        var title = await triage.SuggestTitleAsync("Charged twice", Cancel);
        Assert.Equal((Category.billing, Priority.high, "Double charge"), (classification.Category, classification.Priority, title.Title));
        Assert.All(await desk.ResultsAsync(), r => Assert.Null(r.TicketId));

        desk.Provider.Answer = StandIn.Says("""{"sentiment":"angry","urgency_score":90}""");
        var first = await CreateAsync(desk, new(classification.SuggestionId, title.SuggestionId));
        await CreateAsync(desk, new(classification.SuggestionId, title.SuggestionId)); // used
        await CreateAsync(desk, new(title.SuggestionId, Guid.NewGuid())); // of another question, and unknown

        var results = (await desk.ResultsAsync()).ToLookup(r => r.Task);
        var classified = Assert.Single(results[TriageTask.Classify]);
        Assert.Equal(
            (classification.SuggestionId!.Value, (int?)first.Id, "billing/high", "account/low"),
            (classified.Id, classified.TicketId, classified.Suggested, classified.Kept));
        Assert.Equal(
            (TriageOutcome.Answered, "answering-model", 120, 9),
            (classified.Outcome, classified.Model, classified.InputTokens, classified.OutputTokens));
        var titled = Assert.Single(results[TriageTask.SuggestTitle]);
        Assert.Equal(
            (title.SuggestionId!.Value, (int?)first.Id, "Double charge", "Mine"),
            (titled.Id, titled.TicketId, titled.Suggested, titled.Kept));
        Assert.Equal(3, results[TriageTask.Score].Count());
        Assert.All(results[TriageTask.Score], r => Assert.Equal(("angry/90", "angry/90"), (r.Suggested, r.Kept)));
    }

    [Theory, Providers]
    public async Task A_suggestion_in_vain_is_kept_as_the_fallback(Provider database)
    {
        await using var desk = await TriageDesk.StartAsync(database);
        desk.Provider.Answer = StandIn.Says("""{"category":"sales","priority":"high"}""");
        var suggested = await desk.Desk.Services.GetRequiredService<TriageService>().ClassifyAsync("Charged twice", Cancel);
        Assert.Equal((Category.general, Priority.low, true), (suggested.Category, suggested.Priority, suggested.IsFallback));
        var kept = Assert.Single(await desk.ResultsAsync());
        Assert.Equal(
            (suggested.SuggestionId!.Value, TriageOutcome.Invalid, "fallback", "general/low", 120),
            (kept.Id, kept.Outcome, kept.Model, kept.Suggested, kept.InputTokens));
    }

    [Theory, Providers]
    public async Task A_suggestion_that_cannot_be_stored_is_given_all_the_same(Provider database)
    {
        await using var desk = await TriageDesk.StartAsync(database);
        await using (var db = desk.Desk.Database.Open())
            await db.Database.ExecuteSqlRawAsync("DROP TABLE triage_results", Cancel);
        desk.Provider.Answer = StandIn.Says("""{"category":"billing","priority":"high"}""");
        Assert.Equal(
            new Classification(Category.billing, Priority.high, null) { Source = "answering-model" },
            await desk.Desk.Services.GetRequiredService<TriageService>().ClassifyAsync("Charged twice", Cancel));
    }

    [Theory, Providers]
    public async Task A_new_title_or_description_is_scored_anew_and_anything_else_keeps_the_scores(Provider database)
    {
        await using var desk = await TriageDesk.StartAsync(database);
        desk.Provider.Answer = StandIn.Says("""{"sentiment":"angry","urgency_score":90}""");
        var ticket = await desk.Desk.AddTicketAsync();
        desk.Provider.Answer = StandIn.Says("""{"sentiment":"calm","urgency_score":7}""");

        ticket = await desk.UpdateAsync(ticket.Id, new() { Priority = Supplied.Of("high"), Status = Supplied.Of("resolved") });
        Assert.Equal((Sentiment.angry, 90), (ticket.Sentiment, ticket.UrgencyScore));
        Assert.Single(desk.Provider.Requests);

        ticket = await desk.UpdateAsync(ticket.Id, new() { Title = Supplied.Of("Never mind") });
        Assert.Equal((Sentiment.calm, 7), (ticket.Sentiment, ticket.UrgencyScore));
        Assert.Contains("Never mind", desk.Provider.Requests[^1].Message("user"));
        Assert.Contains("A description", desk.Provider.Requests[^1].Message("user"));
        var events = (await desk.ReadAsync(ticket.Id)).Events.TakeLast(2);
        Assert.Equal([(TicketField.sentiment, "triage"), (TicketField.urgency_score, "triage")], events.Select(e => (e.Field, e.Actor)));
    }

    [Theory, Providers]
    public async Task A_change_of_the_text_renews_a_job_that_waits_and_an_answer_ends_it(Provider database)
    {
        await using var desk = await TriageDesk.StartAsync(database);
        var ticket = await desk.AddPendingAsync();
        Assert.True(await desk.RescoreAsync());
        await desk.UpdateAsync(ticket.Id, new() { Title = Supplied.Of("Again") });
        var job = Assert.Single(await desk.JobsAsync());
        Assert.Equal((0, desk.Clock.GetUtcNow().UtcDateTime), (job.Attempts, job.DueAt));

        desk.Provider.Answer = StandIn.Says("""{"sentiment":"calm","urgency_score":7}""");
        await desk.UpdateAsync(ticket.Id, new() { Title = Supplied.Of("Again") });
        Assert.Empty(await desk.JobsAsync());
    }

    private static async Task<Ticket> CreateAsync(TriageDesk desk, SeenSuggestions seen)
    {
        await using var scope = desk.Desk.Services.CreateAsyncScope();
        var input = new TicketInput
        {
            Title = Supplied.Of("Mine"),
            Description = Supplied.Of("Charged twice"),
            Category = Supplied.Of("account"),
            Priority = Supplied.Of("low"),
        };
        return (
            await scope
                .ServiceProvider.GetRequiredService<CreateTicket>()
                .HandleAsync(input, new Origin("tester", Channel.web), seen, Cancel)).Value;
    }
}
