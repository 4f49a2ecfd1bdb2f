using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Data;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Triage;

namespace SupportTickets.Tests.Triage;

/// <summary>A score belongs to the text that it was given for.</summary>
public sealed class ScoredTextTests
{
    private const string Angry = """{"sentiment":"angry","urgency_score":96}""", Calm = """{"sentiment":"calm","urgency_score":7}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [CombinedProviders("rest")]
    [CombinedProviders("odata")]
    [CombinedProviders("property")]
    public async Task A_score_is_not_stored_when_the_other_part_of_the_text_was_changed_meanwhile(Provider database, string way)
    {
        await using var desk = await TriageDesk.StartAsync(database);
        desk.Provider.Answer = StandIn.Says("""{"sentiment":"frustrated","urgency_score":60}""");
        var ticket = await desk.Desk.AddTicketAsync("Old title", "Old description");
        await desk.Provider.ReceivedAsync();
        var gate = new TaskCompletionSource();
        desk.Provider.Answer = StandIn.InTurn(StandIn.After(gate.Task, StandIn.Says(Angry)), StandIn.Says("No."));

        var client = desk.Desk.Client;
        var title = way switch
        {
            "rest" => client.PatchAsJsonAsync($"/api/tickets/{ticket.Id}/", Field("title", "New title"), Cancel),
            "odata" => client.PatchAsJsonAsync($"/odata/Tickets({ticket.Id})", Field("Title", "New title"), Cancel),
            _ => client.PutAsJsonAsync($"/odata/Tickets({ticket.Id})/Title", Field("value", "New title"), Cancel),
        };
        await desk.Provider.ReceivedAsync();
        using var description = await client.PatchAsJsonAsync(
            $"/api/tickets/{ticket.Id}/", Field("description", "New description"), Cancel);
        Assert.Equal(HttpStatusCode.OK, description.StatusCode);
        gate.SetResult();
        using var changed = await title;
        Assert.True(changed.IsSuccessStatusCode, $"{changed.StatusCode}");

        // The answer was about a text that never was, and the one that is there now still waits to be scored.
        var stored = await desk.ReadAsync(ticket.Id);
        Assert.Equal(("New title", "New description"), (stored.Title, stored.Description));
        Assert.Equal((Sentiment.frustrated, 60), (stored.Sentiment, stored.UrgencyScore));
        Assert.Equal(ticket.Id, Assert.Single(await desk.JobsAsync()).TicketId);

        desk.Provider.Answer = StandIn.Says(Calm);
        Assert.True(await desk.RescoreAsync());
        var asked = desk.Provider.Requests[^1].Message("user");
        Assert.Contains("New title", asked);
        Assert.Contains("New description", asked);
        stored = await desk.ReadAsync(ticket.Id);
        Assert.Equal((Sentiment.calm, 7), (stored.Sentiment, stored.UrgencyScore));
        Assert.Empty(await desk.JobsAsync());
    }

    [Theory, Providers]
    public async Task A_text_that_is_changed_while_its_job_is_taken_is_the_one_that_is_scored(Provider database)
    {
        var between = new AfterJobsWereRead();
        await using var desk = await TriageDesk.StartAsync(database, services: services => services
            .ConfigureDbContext<SqliteTicketDb>(options => options.AddInterceptors(between))
            .ConfigureDbContext<PostgresTicketDb>(options => options.AddInterceptors(between)));
        var ticket = await desk.AddPendingAsync();
        desk.Provider.Answer = StandIn.InTurn(StandIn.Says("No."), StandIn.Says(Calm));
        var change = Field("description", "New description");
        between.Then = () => desk.Desk.Client.PatchAsJsonAsync($"/api/tickets/{ticket.Id}/", change, Cancel);
        while (await desk.RescoreAsync()) ;
        Assert.Contains("New description", desk.Provider.Requests[^1].Message("user"));
        var stored = await desk.ReadAsync(ticket.Id);
        Assert.Equal(("New description", 7), (stored.Description, stored.UrgencyScore));
        Assert.Empty(await desk.JobsAsync());
    }

    [Theory]
    [CombinedProviders(Face.Rest)]
    [CombinedProviders(Face.OData)]
    [CombinedProviders(Face.ODataPut)]
    [CombinedProviders(Face.Pages)]
    public async Task Correcting_a_text_keeps_its_score_until_there_is_a_new_one(Provider database, Face face)
    {
        await using var desk = await TriageDesk.StartAsync(database);
        desk.Provider.Answer = StandIn.Says(Angry);
        var ticket = await desk.Desk.AddTicketAsync();
        Assert.Equal(96, ticket.UrgencyScore);

        // It fails until it is not even asked any more.
        desk.Provider.Answer = StandIn.Fails(503);
        foreach (var (field, text) in ((string, string)[])[("title", "A"), ("description", "B"), ("title", "C"), ("description", "D")])
        {
            Assert.Equal(HttpStatusCode.OK, (await desk.Desk.ChangeAsync(face, ticket.Id, Field(field, text))).Status);
            await AssertAsync("angry 96", jobs: 1);
        }
        // A desk whose key was taken out changes neither the score nor what waits for the key.
        await using (var keyless = Desk.Start(desk.Desk.Database, desk.Clock))
            Assert.Equal(HttpStatusCode.OK, (await keyless.ChangeAsync(face, ticket.Id, Field("title", "E"))).Status);
        await AssertAsync("angry 96", jobs: 1);

        desk.Provider.Answer = StandIn.Says(Calm);
        desk.Clock.Advance(CircuitBreaker.LongestPause);
        Assert.True(await desk.RescoreAsync());
        await AssertAsync("calm 7", jobs: 0);

        async Task AssertAsync(string score, int jobs)
        {
            var stored = await desk.ReadAsync(ticket.Id);
            Assert.Equal((score, jobs), ($"{stored.Sentiment} {stored.UrgencyScore}", (await desk.JobsAsync()).Count));
        }
    }

    private static Dictionary<string, object?> Field(string name, string value) => new() { [name] = value };

    /// <summary>Does something once, right after somebody looked for jobs.</summary>
    private sealed class AfterJobsWereRead : DbCommandInterceptor
    {
        public Func<Task<HttpResponseMessage>>? Then { get; set; }

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            var sql = command.CommandText;
            if (Then is { } then && sql.StartsWith("SELECT", StringComparison.Ordinal) && sql.Contains("scoring_jobs"))
            {
                Then = null;
                using var answer = await then();
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
            return result;
        }
    }
}
