using System.Data.Common;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Data;
using SupportTickets.Maintenance;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Pages;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Analytics;

/// <summary>All the numbers of an answer are those of one moment, although tickets come in between its statements.</summary>
public sealed class SnapshotTests
{
    private const int Waiting = 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task The_dashboard_is_of_one_moment(Provider provider)
    {
        var (desk, arrivals) = await StartAsync(provider);
        await using var _ = desk;
        var site = new Site(desk);
        var quiet = await site.GetAsync("/");
        Assert.Equal(30, Backlog(quiet).Count);

        var busy = await arrivals.DuringAsync(() => site.GetAsync("/"));
        var total = busy.Text("[data-figure=total]");
        Assert.Equal(Backlog(quiet).Skip(1), Backlog(busy).Skip(1)); // the days before today
        foreach (var figure in (string[])["[data-figure=unresolved]", "[data-figure=open]"])
            Assert.Equal((figure, total), (figure, busy.Text(figure)));
        foreach (var breakdown in (string[])["by-age", "by-status"])
            Assert.Equal(
                (breakdown, total), (breakdown, busy.Texts($"[aria-labelledby={breakdown}] .bar-count").Sum(int.Parse).ToString()));
        Assert.Equal(total, Backlog(busy)[0]);
    }

    [Theory, Providers]
    public async Task A_list_counts_what_it_lists(Provider provider)
    {
        var (desk, arrivals) = await StartAsync(provider);
        await using var _ = desk;
        var list = await arrivals.DuringAsync(() => new Site(desk).GetAsync("/tickets?sort=-urgency"));
        var rows = list.Document.QuerySelectorAll("[name=ticket]").Length;
        Assert.Contains($"of {rows}", list.Text(".count"));
    }

    [Theory, Providers]
    public async Task The_feed_counts_what_it_gives(Provider provider)
    {
        var (desk, arrivals) = await StartAsync(provider);
        await using var _ = desk;
        foreach (var query in (string[])["", "&$filter=Status eq 'open'&$orderby=Title", "&$expand=Events"])
        {
            var page = await GetAsync($"/odata/Tickets?$count=true{query}");
            Assert.Equal((query, page["value"]!.AsArray().Count), (query, page["@odata.count"]!.GetValue<int>()));
        }
        var references = await GetAsync("/odata/Tickets/$ref?$count=true");
        Assert.Equal(references["value"]!.AsArray().Count, references["@odata.count"]!.GetValue<int>());
        const string all = "aggregate($count as N)";
        foreach (var apply in (string[])[$"concat({all},{all})", $"concat(groupby((Status),{all})/aggregate(N with sum as N),{all})"])
        {
            var sums = (await GetAsync($"/odata/Tickets?$apply={apply}"))["value"]!.AsArray();
            Assert.Equal((apply, sums[0]!["N"]!.ToString()), (apply, sums[1]!["N"]!.ToString()));
        }

        async Task<JsonNode> GetAsync(string url) =>
            JsonNode.Parse(await arrivals.DuringAsync(() => desk.Client.GetStringAsync(url, Cancel)))!;
    }

    [Theory, Providers]
    public async Task The_statistics_are_one_statement_and_the_checks_of_verify_one_snapshot(Provider provider)
    {
        var (desk, arrivals) = await StartAsync(provider);
        await using var _ = desk;
        foreach (var url in (string[])["/api/tickets/stats/", "/odata/Tickets/Stats()"])
        {
            var before = arrivals.Count;
            await arrivals.DuringAsync(() => desk.Client.GetStringAsync(url, Cancel));
            Assert.Equal((url, 1), (url, arrivals.Count - before));
        }
        await using var scope = desk.Services.CreateAsyncScope();
        using var output = new StringWriter();
        var verification = new Verification(scope.ServiceProvider);
        Assert.True(await arrivals.DuringAsync(() => VerifyCommand.VerifyAsync(verification, output, Cancel)), output.ToString());
    }

    private static List<string> Backlog(Answer page) => [.. page.Texts("[aria-labelledby=backlog-heading] tbody td")];

    private static async Task<(Desk Desk, Arrivals Arrivals)> StartAsync(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        var arrivals = new Arrivals(clock);
        var desk = await Desk.StartAsync(provider, clock, services: services => services
            .ConfigureDbContext<SqliteTicketDb>(options => options.AddInterceptors(arrivals))
            .ConfigureDbContext<PostgresTicketDb>(options => options.AddInterceptors(arrivals)));
        arrivals.Database = desk.Database;
        await using var db = desk.Database.Open();
        db.Tickets.AddRange(Enumerable.Range(0, Waiting).Select(i => Arrivals.Ticket(clock.GetUtcNow().UtcDateTime.AddDays(-5 - i))));
        await db.SaveChangesAsync(Cancel);
        return (desk, arrivals);
    }

    /// <summary>A ticket comes in after each statement of the desk.</summary>
    private sealed class Arrivals(TimeProvider clock) : DbCommandInterceptor
    {
        private volatile bool _on;

        public TestDatabase Database { get; set; } = null!;

        public int Count { get; private set; }

        public static Ticket Ticket(DateTime at) => TicketLifeCycle.Create(
            new NewTicket("t", "d", Category.general, Priority.low, Status.open), Score.Fallback, at, new Origin("somebody", Channel.rest));

        public async Task<T> DuringAsync<T>(Func<Task<T>> work)
        {
            var before = Count;
            _on = true;
            var result = await work();
            _on = false;
            Assert.True(Count > before);
            return result;
        }

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            if (_on)
            {
                Count++;
                await using var db = Database.Open();
                db.Tickets.Add(Ticket(clock.GetUtcNow().UtcDateTime));
                await db.SaveChangesAsync(cancellationToken);
            }
            return result;
        }
    }
}
