using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Data;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Access;

/// <summary>
/// A rule that goes by who asks holds on every face. The desk of these tests has one: only who may change tickets sees a certain
/// ticket and its history. The desk itself has no rule yet.
/// </summary>
public sealed class CallerVisibilityTests
{
    private const string Secret = "Secret acquisition";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Everywhere where the ticket shows to who may see it.
    private static readonly string[] Shown =
    [
        "/api/tickets/",
        "/api/tickets/2/",
        "/api/tickets/?search=acquisition",
        "/odata/Tickets",
        "/odata/Tickets(2)",
        "/odata/Tickets(2)/Title/$value",
        "/odata/Events?$expand=Ticket",
        "/odata/Tickets?$search=acquisition",
        "/odata/Events?$apply=groupby((Ticket/Title))",
        "/odata/Events?$filter=contains(Ticket/Title,'acquisition')&$expand=Ticket($select=Title)",
        "/odata/Tickets?$apply=groupby((Title),aggregate($count as N))",
        "/tickets", "/tickets/2", "/tickets?search=acquisition", "/tickets/export.csv", "/tickets/comments.csv", "/",
    ];

    [Theory, Providers]
    public async Task A_rule_follows_the_caller_through_every_face(Provider provider)
    {
        await using var desk = await StartAsync(provider);
        using var agent = await desk.SignedInAsync(Role.agent);
        using var viewer = await desk.SignedInAsync(Role.viewer);
        foreach (var address in Shown)
        {
            // In turn, over the same pool of contexts.
            Assert.True(await ShowsAsync(agent, address), $"{address} does not show it to the agent");
            Assert.False(await ShowsAsync(viewer, address), $"{address} shows it to the viewer");
        }
        foreach (var (client, count) in new[] { (agent, 3), (viewer, 2) })
        {
            Assert.Equal(count.ToString(), await client.GetStringAsync("/odata/Tickets/$count", Cancel));
            Assert.Equal(
                count, JsonNode.Parse(await client.GetStringAsync("/api/tickets/stats/", Cancel))!["total_tickets"]!.GetValue<int>());
            Assert.Equal(count, JsonNode.Parse(await client.GetStringAsync("/odata/Tickets/Stats()", Cancel))!["Total"]!.GetValue<int>());
            var groups = await client.GetStringAsync("/odata/Tickets?$apply=groupby((Status),aggregate($count as N))", Cancel);
            Assert.Equal(count, JsonNode.Parse(groups)!["value"]![0]!["N"]!.GetValue<int>());
            var dashboard = await client.GetStringAsync("/", Cancel);
            foreach (var figure in (string[])["total", "open", "unresolved"])
                Assert.Contains($"data-figure=\"{figure}\">{count}<", dashboard, StringComparison.Ordinal);
            Assert.Contains($"<strong data-figure=\"created\">{count}</strong>", dashboard, StringComparison.Ordinal);
            Assert.Contains($"of {count}", await client.GetStringAsync("/tickets", Cancel), StringComparison.Ordinal);
        }
    }

    [Theory, Providers]
    public async Task It_holds_for_queries_that_another_caller_made_known(Provider provider)
    {
        await using var desk = await StartAsync(provider);
        using var agent = desk.ClientWith(await desk.AddTokenAsync(Role.agent));
        using var viewer = desk.ClientWith(await desk.AddTokenAsync(Role.viewer));
        foreach (var address in Shown.Where(address => address.StartsWith("/odata", StringComparison.Ordinal)))
        {
            foreach (var client in new[] { agent, agent, agent, agent, agent, viewer, viewer, agent })
                Assert.True(await ShowsAsync(client, address) == (client == agent), address);
        }
    }

    [Theory, Providers]
    public async Task It_holds_in_a_batch_and_in_delta_and_for_writes(Provider provider)
    {
        await using var desk = await StartAsync(provider);
        using var agent = desk.ClientWith(await desk.AddTokenAsync(Role.agent));
        using var viewer = desk.ClientWith(await desk.AddTokenAsync(Role.viewer));
        const string Batch = """{"requests":[{"id":"1","method":"GET","url":"Tickets(2)"},{"id":"2","method":"GET","url":"Tickets"}]}""";
        foreach (var (client, sees) in new[] { (agent, true), (viewer, false), (agent, true) })
        {
            using var answer = await client.PostAsync("/odata/$batch", new StringContent(Batch, Encoding.UTF8, "application/json"), Cancel);
            Assert.Equal(sees ? 2 : 0, (await answer.Content.ReadAsStringAsync(Cancel)).Split(Secret).Length - 1);
        }
        foreach (var (client, count) in new[] { (agent, 3), (viewer, 2) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/odata/Tickets?$select=Title")
            {
                Headers = { { "Prefer", "track-changes" } },
            };
            using var copy = await client.SendAsync(request, Cancel);
            var page = JsonNode.Parse(await copy.Content.ReadAsStringAsync(Cancel))!;
            Assert.Equal(count, page["value"]!.AsArray().Count);
            using var touched = await desk.Client.PatchAsync(
                "/api/tickets/2/", Json($$"""{"priority":"{{(count == 3 ? "high" : "medium")}}"}"""), Cancel);
            var changes = await client.GetStringAsync(page["@odata.deltaLink"]!.GetValue<string>(), Cancel);
            Assert.Equal(count == 3, changes.Contains(Secret, StringComparison.Ordinal));
        }
    }

    [Theory, Providers]
    public async Task Callers_at_the_same_time_do_not_see_with_each_others_eyes(Provider provider)
    {
        await using var desk = await StartAsync(provider);
        using var agent = desk.ClientWith(await desk.AddTokenAsync(Role.agent));
        using var viewer = desk.ClientWith(await desk.AddTokenAsync(Role.viewer));
        var counts = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(at => (at % 2 == 0 ? agent : viewer).GetStringAsync("/odata/Tickets/$count", Cancel)));
        Assert.All(counts.Index(), count => Assert.Equal(count.Index % 2 == 0 ? "3" : "2", count.Item));
    }

    private static async Task<bool> ShowsAsync(HttpClient client, string address)
    {
        using var answer = await client.GetAsync(address, Cancel);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{address}: {answer.StatusCode}");
        // What a search finds is marked within the text.
        var text = (await answer.Content.ReadAsStringAsync(Cancel)).Replace("<mark>", "").Replace("</mark>", "");
        return text.Contains(Secret, StringComparison.Ordinal);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<Desk> StartAsync(Provider provider)
    {
        var desk = await Desk.StartAsync(provider, services: services => services
            .ConfigureDbContext<SqliteTicketDb>(options => options.ReplaceService<IModelCustomizer, Rule>())
            .ConfigureDbContext<PostgresTicketDb>(options => options.ReplaceService<IModelCustomizer, Rule>()));
        foreach (var title in new[] { "First", Secret, "Third" })
            await desk.AddCommentAsync((await desk.AddTicketAsync(title)).Id, $"A reply to {title}");
        return desk;
    }

    private sealed class Rule(ModelCustomizerDependencies dependencies) : RelationalModelCustomizer(dependencies)
    {
        public override void Customize(ModelBuilder modelBuilder, DbContext context)
        {
            base.Customize(modelBuilder, context);
            var db = (TicketDb)context; // stands in the model for whichever context reads
            modelBuilder.Entity<Ticket>().HasQueryFilter("secret", t => db.Visibility.MayWrite || t.Title != Secret);
            modelBuilder.Entity<TicketEvent>().HasQueryFilter("secret", e => db.Visibility.MayWrite || e.Ticket!.Title != Secret);
        }
    }
}
