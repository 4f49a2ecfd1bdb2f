using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Batch;
using SupportTickets.Tests.Triage;
using SupportTickets.Tickets;
using SupportTickets.Triage;

namespace SupportTickets.Tests.OData;

public sealed class DeleteTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_deleted_ticket_is_gone_with_all_that_was_written_of_it_and_leaves_only_that_it_was_there(Provider provider)
    {
        var clock = new ManualClock(new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero));
        await using var provided = await StandIn.StartAsync();
        provided.Answer = StandIn.Says("No.");
        await using var desk = await FeedDesk.StartAsync(provider, clock, settings: provided.Settings);
        foreach (var title in new[] { "Kept printer", "Secret printer" })
        {
            using var created = await desk.SendAsync(
                HttpMethod.Post, "/odata/Tickets", $$"""{"Title":"{{title}}","Description":"D","Category":"billing","Priority":"low"}""");
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        }
        using var changed = await desk.SendAsync(
            HttpMethod.Patch, "/odata/Tickets(2)", """{"Description":"Secret too","Status":"closed"}""");

        desk.Forget();
        using var deleted = await desk.SendAsync(HttpMethod.Delete, "/odata/Tickets(2)");
        var sql = string.Join('\n', desk.Sql).Replace("\"", "");
        // In the order in which re-scoring takes the two.
        Assert.InRange(
            sql.IndexOf("DELETE FROM scoring_jobs", StringComparison.Ordinal), 0,
            sql.IndexOf("DELETE FROM tickets", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(await deleted.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal("4.0", deleted.Headers.GetValues("OData-Version").Single());
        foreach (var url in new[] { "Tickets(2)", "Tickets(2)/Events", "Tickets(2)/Title" })
            await desk.FailAsync($"/odata/{url}", HttpStatusCode.NotFound);
        Assert.Equal(1, Assert.Single(await desk.RowsAsync("/odata/Tickets?$search=printer"))["Id"]!.GetValue<int>());
        Assert.Empty(await desk.RowsAsync("/odata/Events?$filter=TicketId eq 2"));
        using var rest = await desk.Client.GetAsync("/api/tickets/2/", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, rest.StatusCode);

        await using var db = desk.Database.Open();
        Assert.Equal([1], await db.ScoringJobs.Select(j => j.TicketId).ToListAsync(Cancel));
        Assert.Equal([1], await db.TriageResults.Select(r => r.TicketId).Distinct().ToListAsync(Cancel));
        var left = await db.TicketDeletions.SingleAsync(Cancel);
        Assert.Equal(
            (1, 2, clock.GetUtcNow().UtcDateTime, "anonymous", Channel.odata), (left.Id, left.TicketId, left.At, left.Actor, left.Channel));
        Assert.Equal(DateTimeKind.Utc, left.At.Kind);
    }

    [Theory, Providers]
    public async Task Only_the_version_that_was_read_is_deleted(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(4);
        await using (var db = desk.Database.Open())
            await db.Tickets.ExecuteUpdateAsync(set => set.SetProperty(t => t.Version, 3), Cancel);
        foreach (var stale in new[] { "W/\"1\"", "\"2\"", "\"1\", \"7\"", "\"not-ours\"" })
        {
            using var refused = await DeleteAsync(1, stale);
            Assert.Equal(
                "precondition_failed", (await FeedDesk.ErrorAsync(refused, HttpStatusCode.PreconditionFailed))["code"]!.GetValue<string>());
        }
        using var malformed = await DeleteAsync(1, "3");
        Assert.Equal("If-Match", (await FeedDesk.ErrorAsync(malformed, HttpStatusCode.BadRequest))["target"]!.GetValue<string>());
        Assert.Equal("4", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));

        foreach (var (id, match) in new[] { (1, "W/\"3\""), (2, "*"), (3, "\"1\", \"3\""), (4, null) })
        {
            using var deleted = await DeleteAsync(id, match);
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
            using var again = await DeleteAsync(id, match);
            await FeedDesk.ErrorAsync(again, HttpStatusCode.NotFound);
        }
        Assert.Equal("0", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
        Assert.Equal("0", await desk.Client.GetStringAsync("/odata/Events/$count", Cancel));

        Task<HttpResponseMessage> DeleteAsync(int id, string? match) =>
            desk.SendAsync(HttpMethod.Delete, $"/odata/Tickets({id})", (HttpContent?)null, match is null ? [] : [("If-Match", match)]);
    }

    [Theory, Providers]
    public async Task The_id_of_a_deleted_ticket_is_never_used_again(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        for (var id = 2; id < 5; id++) // each time the newest
        {
            using var deleted = await desk.SendAsync(HttpMethod.Delete, $"/odata/Tickets({id})");
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
            using var created = await desk.SendAsync(
                HttpMethod.Post, "/odata/Tickets", """{"Title":"t","Description":"d","Category":"billing","Priority":"low"}""");
            Assert.Equal($"http://localhost/odata/Tickets({id + 1})", created.Headers.Location!.ToString());
        }
    }

    [Theory, CombinedProviders(true), CombinedProviders(false)]
    public async Task In_a_batch_a_ticket_is_deleted_alone_or_with_its_change_set(Provider provider, bool json)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        var failed = await desk.BatchAsync(json, [Delete("a", 1, "g"), Part.Change("b", "Tickets(99)", "{}", "g")]);
        Assert.Equal("b 404", failed.Where(a => a.Status != 424).Select(a => $"{a.Id} {a.Status}").Single());
        Assert.Equal("3", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));

        var done = await desk.BatchAsync(json,
        [
            Delete("a", 1, "g"), Part.Change("b", "Tickets(2)", """{"Priority":"critical"}""", "g"),
            Delete("c", 3), Part.Get("d", "Tickets?$select=Id"),
        ]);
        Assert.Equal(["a 204", "b 200", "c 204", "d 200"], done.Select(a => $"{a.Id} {a.Status}"));
        Assert.Equal(2, Assert.Single(done[3].Json["value"]!.AsArray())!["Id"]!.GetValue<int>());

        // What was read in the change set itself may be deleted in it.
        var own = await desk.BatchAsync(
            json, [Part.Create("n", "New", "h"), new("x", "DELETE", "$n", Group: "h", Headers: [("If-Match", "$n")])]);
        Assert.Equal(["n 201", "x 204"], own.Select(a => $"{a.Id} {a.Status}"));
        await using var db = desk.Database.Open();
        Assert.Equal([1, 3, 4], await db.TicketDeletions.OrderBy(d => d.TicketId).Select(d => d.TicketId).ToListAsync(Cancel));

        static Part Delete(string id, int ticket, string? group = null) => new(id, "DELETE", $"Tickets({ticket})", Group: group);
    }

    [Theory, Providers]
    public async Task Of_many_deletions_and_changes_at_once_each_gets_a_true_answer(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(4);
        var sends = Enumerable.Range(0, 24).Select(n => Task.Run(() => n % 2 == 0
            ? desk.SendAsync(HttpMethod.Delete, $"/odata/Tickets({1 + n % 4})")
            : desk.SendAsync(HttpMethod.Patch, $"/odata/Tickets({1 + n / 2 % 4})", $$"""{"Title":"{{n}}"}""")));
        var answers = await Task.WhenAll(sends);
        Assert.All(
            answers,
            a =>
                Assert.Contains(
                    a.StatusCode,
                    new[] { HttpStatusCode.NoContent, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.PreconditionFailed }));
        await using var db = desk.Database.Open();
        var deleted = await db.TicketDeletions.Select(d => d.TicketId).ToListAsync(Cancel);
        Assert.Equal(deleted.Order(), deleted.Distinct().Order());
        Assert.Equal(answers.Count(a => a.StatusCode == HttpStatusCode.NoContent), deleted.Count);
        Assert.False(await db.Tickets.AnyAsync(t => deleted.Contains(t.Id), Cancel));
        foreach (var answer in answers) answer.Dispose();
    }

    [Theory, Providers]
    public async Task What_cannot_be_deleted_says_what_it_takes(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        foreach (var url in new[] { "Tickets", "Events(1)", "Tickets(1)/Events", "Events(1)/Ticket", "Tickets(1)/Events/$ref" })
        {
            using var refused = await desk.SendAsync(HttpMethod.Delete, $"/odata/{url}");
            await FeedDesk.ErrorAsync(refused, HttpStatusCode.MethodNotAllowed);
        }
        using var rest = await desk.SendAsync(HttpMethod.Delete, "/api/tickets/1/");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, rest.StatusCode); // as the older system
        Assert.Equal("1", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
    }
}
