using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Data;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

/// <summary>
/// A rule on who sees which row holds on every way into the feed: also on those that reach a row through another set.
/// The desk of these tests hides a ticket with its history, and every event of a change.
/// </summary>
public sealed class VisibilityTests
{
    private const string Hidden = "Hidden title";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task What_the_caller_may_not_see_is_nowhere(Provider provider)
    {
        await using var desk = await StartAsync(provider);
        foreach (var (query, rows) in new[]
        {
            ("Tickets", 2),
            ("Events", 2),
            ("Tickets?$expand=Events($expand=Ticket)", 2),
            ("Events?$expand=Ticket($expand=Events)", 2),
            ("Tickets(1)/Events", 1),
            ("Tickets/$ref", 2),
            ("Events/$ref", 2),
            ("Tickets?$filter=Events/any(e: e/OldValue ne null)", 0),
            ("Tickets?$filter=Events/$count gt 1", 0),
            ($"Events?$filter=Ticket/Title eq '{Hidden}'", 0),
            ("Events?$orderby=Ticket/Title", 2),
            ("Tickets?$search=Hidden", 0),
            ("Tickets?$search=NOT nothing", 2),
            ("Tickets?$apply=groupby((Title))", 2),
            ("Events?$apply=groupby((Ticket/Title),aggregate($count as N))", 2),
            ("Events?$apply=groupby((Ticket/CreatedOn/Year),aggregate(TicketId with max as Last,$count as N))/filter(N eq 2)", 1),
            ("Tickets?$compute=length(Title) as L&$filter=L eq 12", 0),
        })
        {
            var text = await desk.Client.GetStringAsync($"/odata/{query}", Cancel);
            Assert.True(JsonNode.Parse(text)!["value"]!.AsArray().Count == rows, $"{query}: {text}");
            Assert.DoesNotContain("Hidden", text);
            Assert.DoesNotContain("Changed", text.Replace("\"Title\":\"Changed\"", ""));
        }
        foreach (var (path, count) in new[] { ("Tickets", "2"), ("Events", "2"), ("Tickets(1)/Events", "1") })
            Assert.Equal(count, await desk.Client.GetStringAsync($"/odata/{path}/$count", Cancel));
        foreach (var path in new[]
        {
            "Tickets(2)",
            "Tickets(2)/Title",
            "Tickets(2)/Title/$value",
            "Tickets(2)/$ref",
            "Tickets(2)/Events",
            "Tickets(2)/Events/$count",
            "Tickets(2)/CreatedOn",
            "Events(2)",
            "Events(2)/Ticket",
            "Events(4)/Ticket/CreatedOn",
            "Tickets(1)/Events(4)",
        })
        {
            using var absent = await desk.Client.GetAsync($"/odata/{path}", Cancel);
            await FeedDesk.ErrorAsync(absent, HttpStatusCode.NotFound);
        }
        await AssertFiguresAsync(desk);
        using var patched = await desk.Client.PatchAsync(
            "/odata/Tickets(2)", new StringContent("""{"Status":"closed"}""", Encoding.UTF8, "application/json"), Cancel);
        await FeedDesk.ErrorAsync(patched, HttpStatusCode.NotFound);
    }

    [Theory, Providers]
    public async Task What_the_caller_may_not_see_is_in_no_copy_and_neither_is_what_becomes_of_it(Provider provider)
    {
        await using var desk = await StartAsync(provider);
        var (copy, link) = await PullAsync(desk, "/odata/Tickets");
        Assert.Equal([1, 3], copy);
        foreach (var title in (string[])["Fourth", Hidden])
            await desk.AddTicketAsync(title);
        await using (var db = desk.Database.Open()) // which knows no rules
        {
            var ticket = await db.Tickets.SingleAsync(t => t.Id == 2, Cancel);
            ticket.Apply(
                new TicketChange(null, null, null, null, Status.closed), null, ManualClock.Monday.UtcDateTime,
                new Origin("somebody", Channel.web));
            await db.SaveChangesAsync(Cancel);
        }
        Assert.Equal("1", await desk.Client.GetStringAsync(link.Replace("Tickets?", "Tickets/$count?"), Cancel));
        (copy, _) = await PullAsync(desk, link);
        Assert.Equal([4], copy);
    }

    private static async Task AssertFiguresAsync(Desk desk)
    {
        foreach (var call in (string[])["Tickets/Stats()", "Tickets/SupportTickets.Stats"])
        {
            var figures = JsonNode.Parse(await desk.Client.GetStringAsync($"/odata/{call}", Cancel))!;
            Assert.Equal((2, 2), (figures["Total"]!.GetValue<int>(), figures["Open"]!.GetValue<int>()));
            foreach (var by in (string[])["ByStatus", "ByPriority", "ByCategory", "BySentiment"])
                Assert.Equal(2, figures[by]!.AsArray().Sum(row => row!["Count"]!.GetValue<int>()));
        }
    }

    // The rows of one page, by id, and the link to what changes after it. Nothing is told to be removed.
    private static async Task<(IEnumerable<int> Ids, string Link)> PullAsync(Desk desk, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add("Prefer", "track-changes");
        using var answer = await desk.Client.SendAsync(request, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.DoesNotContain("Hidden", text);
        var page = JsonNode.Parse(text)!;
        return (page["value"]!.AsArray().Select(row => row!["Id"]!.GetValue<int>()).ToList(), page["@odata.deltaLink"]!.GetValue<string>());
    }

    private static async Task<Desk> StartAsync(Provider provider)
    {
        var desk = await Desk.StartAsync(provider, services: services => services
            .ConfigureDbContext<SqliteTicketDb>(options => options.ReplaceService<IModelCustomizer, Rules>())
            .ConfigureDbContext<PostgresTicketDb>(options => options.ReplaceService<IModelCustomizer, Rules>()));
        foreach (var title in new[] { "First", Hidden, "Third" })
            await desk.AddTicketAsync(title);
        using var changed = await desk.Client.PatchAsync(
            "/odata/Tickets(1)", new StringContent("""{"Title":"Changed"}""", Encoding.UTF8, "application/json"), Cancel);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        return desk;
    }

    // As a rule of the desk would be written: on the model, where no navigation goes around it.
    private sealed class Rules(ModelCustomizerDependencies dependencies) : RelationalModelCustomizer(dependencies)
    {
        public override void Customize(ModelBuilder modelBuilder, DbContext context)
        {
            base.Customize(modelBuilder, context);
            modelBuilder.Entity<Ticket>().HasQueryFilter("hidden", t => t.Title != Hidden);
            modelBuilder.Entity<TicketEvent>().HasQueryFilter("hidden", e => e.OldValue == null && e.Ticket!.Title != Hidden);
        }
    }
}
