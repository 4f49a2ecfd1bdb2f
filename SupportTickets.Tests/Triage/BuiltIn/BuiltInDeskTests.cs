using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SupportTickets.Core;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Hosting;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Writing;
using SupportTickets.Triage;
using SupportTickets.Triage.BuiltIn;

namespace SupportTickets.Tests.Triage.BuiltIn;

/// <summary>A desk that asks the built-in model, alone or where the provider does not answer.</summary>
public sealed class BuiltInDeskTests
{
    private const string Charged = "I was charged twice for my last invoice. Please refund one of the two payments.";
    private const string Outage = "Since 9 am all 400 users get an error and nobody can work. Orders are being lost!";

    private static readonly (string, string) BuiltIn = ("TRIAGE", "builtin");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_suggestion_is_recorded_with_its_source_and_what_the_person_kept(Provider database)
    {
        await using var desk = await Desk.StartAsync(database, settings: BuiltIn);
        var triage = desk.Services.GetRequiredService<TriageService>();
        var classification = await triage.ClassifyAsync(Charged, Cancel);
        var title = await triage.SuggestTitleAsync(Charged, Cancel);
        Assert.Equal((Category.billing, false, "built-in"), (classification.Category, classification.IsFallback, classification.Source));
        Assert.Equal(Category.billing, classification.SureCategory);
        Assert.InRange(classification.CategoryConfidence, Classification.MinConfidence, 1);

        await using (var scope = desk.Services.CreateAsyncScope())
        {
            var input = new TicketInput
            {
                Title = Supplied.Of("Mine"),
                Description = Supplied.Of(Charged),
                Category = Supplied.Of("account"),
                Priority = Supplied.Of("low"),
                Status = Supplied.Of("open"),
            };
            var seen = new SeenSuggestions(classification.SuggestionId, title.SuggestionId);
            Assert.True((await scope.ServiceProvider.GetRequiredService<CreateTicket>().HandleAsync(
                input, new Origin("tester", Channel.web), seen, Cancel)).Succeeded(out _, out _));
        }
        await using var db = desk.Database.Open();
        var results = await db.TriageResults.AsNoTracking().OrderBy(r => r.Task).ToListAsync(Cancel);
        Assert.Equal(
            [
                (TriageTask.Classify, "built-in", $"billing/{classification.Priority}", "account/low"),
                (TriageTask.SuggestTitle, "built-in", title.Title, "Mine"),
            ],
            results.Select(r => (r.Task, r.Model, r.Suggested, r.Kept!)));
        Assert.All(results, r => Assert.Equal((1, TriageOutcome.Answered), (r.TicketId, r.Outcome)));
    }

    [Theory, Providers]
    public async Task Every_new_ticket_is_scored_also_in_a_change_set_and_a_new_text_anew(Provider database)
    {
        await using var desk = await Desk.StartAsync(database, settings: BuiltIn);
        var outage = await desk.AddTicketAsync("Production is down", Outage);
        var wish = await desk.AddTicketAsync("Dark mode", "It would be lovely to have a dark mode some day. No rush, thank you!");
        Assert.True(outage.UrgencyScore > wish.UrgencyScore + 30, $"{outage.UrgencyScore} {wish.UrgencyScore}");

        var create = new
        {
            id = "1",
            atomicityGroup = "g",
            method = "POST",
            url = "Tickets",
            headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" },
            body = new { Title = "Production is down", Description = Outage, Category = "technical", Priority = "high" },
        };
        using var batch = await desk.Client.PostAsJsonAsync(
            "/odata/$batch", new { requests = new[] { create } }, JsonSerializerOptions.Default, Cancel);
        var answer = (await batch.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("responses")[0];
        Assert.Equal(201, answer.GetProperty("status").GetInt32());
        Assert.Equal(outage.UrgencyScore, answer.GetProperty("body").GetProperty("UrgencyScore").GetInt32());

        using var changed = await desk.Client.PatchAsJsonAsync(
            $"/api/tickets/{wish.Id}/", new { title = "Production is down", description = Outage }, Cancel);
        var scored = await changed.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(outage.UrgencyScore, scored.GetProperty("urgency_score").GetInt32());
        await using var db = desk.Database.Open();
        Assert.Empty(await db.ScoringJobs.ToListAsync(Cancel));
    }

    [Theory, Providers]
    public async Task It_stands_in_for_the_provider_and_never_replaces_what_the_provider_said(Provider database)
    {
        await using var desk = await TriageDesk.StartAsync(database, builtIn: true);
        desk.Provider.Answer = StandIn.Says("I would rather not.");
        var triage = desk.Desk.Services.GetRequiredService<TriageService>();
        var classification = await triage.ClassifyAsync(Charged, Cancel);
        Assert.Equal((Category.billing, "built-in"), (classification.Category, classification.Source));
        var suggested = Assert.Single(await desk.ResultsAsync());
        Assert.Equal((TriageOutcome.Invalid, "built-in"), (suggested.Outcome, suggested.Model));

        // A new ticket has its score at once, and is still to be scored by the provider.
        var ticket = await desk.Desk.AddTicketAsync("Production is down", Outage);
        Assert.InRange(ticket.UrgencyScore, 60, 100);
        Assert.Single(await desk.JobsAsync());
        desk.Provider.Answer = StandIn.Says("""{"sentiment":"angry","urgency_score":97}""");
        while (await desk.RescoreAsync()) ;
        ticket = await desk.ReadAsync(ticket.Id);
        Assert.Equal((Sentiment.angry, 97), (ticket.Sentiment, ticket.UrgencyScore));

        // A new text keeps the score of the provider until the provider has judged it.
        desk.Provider.Answer = StandIn.Says("I would rather not.");
        ticket = await desk.UpdateAsync(ticket.Id, new() { Description = Supplied.Of("All is well, thank you.") });
        Assert.Equal((Sentiment.angry, 97), (ticket.Sentiment, ticket.UrgencyScore));
        Assert.Single(await desk.JobsAsync());
    }

    [Fact]
    public async Task A_file_of_weights_that_cannot_be_used_turns_it_off_with_one_line_in_the_log()
    {
        var file = Path.Combine(TestFolder.Path, $"{Guid.NewGuid():N}.model");
        var good = await File.ReadAllBytesAsync(ModelPath.Shipped.File, Cancel);
        foreach (var (bytes, reason) in ((byte[], string)[])
        [
            ([.. good[..^1]], "it is damaged: its checksum does not fit"), ([.. good[..8], 9, .. good[9..]], "it has version 9"),
            ([], "it is not a file of weights"),
        ])
        {
            await File.WriteAllBytesAsync(file, bytes, Cancel);
            using var log = new TestHost.Logged();
            await using var desk = await Desk.StartAsync(
                Provider.Sqlite, settings: BuiltIn,
                services: services => services.AddSingleton(new ModelPath(file)).AddLogging(logging => logging.AddProvider(log)));
            var ticket = await desk.AddTicketAsync("Down", Outage);
            Assert.Equal((Sentiment.neutral, 50), (ticket.Sentiment, ticket.UrgencyScore));
            Assert.True((await desk.Services.GetRequiredService<TriageService>().ClassifyAsync(Outage, Cancel)).IsFallback);
            Assert.Contains(reason, Assert.Single(log.At(LogLevel.Error)));
        }
        File.Delete(file);
    }
}
