using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

public sealed class ComputeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Protocol 4.01, 11.2.5.3: a computed property is in the result unless $select leaves it out.
    [Theory, Providers]
    public async Task What_is_computed_is_in_the_answer_unless_something_else_is_selected(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        var all = (await desk.GetAsync("/odata/Tickets(2)"))
            .Select(p => p.Key)
            .Where(name => !name.Contains("context", StringComparison.Ordinal))
            .ToList();
        var row = (await desk.RowsAsync(
            "/odata/Tickets?$compute=length(Title) as L,UrgencyScore mul 2 as Twice&$filter=Id eq 2 and L eq 8&$orderby=Twice desc"))
            .Single();
        Assert.Equal([.. all, "L@odata.type", "L", "Twice@odata.type", "Twice"], row.Select(p => p.Key));
        Assert.Equal((8, 14), (row["L"]!.GetValue<int>(), row["Twice"]!.GetValue<int>()));

        var one = await desk.GetAsync("/odata/Tickets(2)?$compute=length(Title) as L");
        Assert.Equal((8, "Ticket 1"), (one["L"]!.GetValue<int>(), one["Title"]!.GetValue<string>()));
        var both = await desk.GetAsync(
            "/odata/Tickets(2)?$compute=length(Title) as L&$expand=Events($compute=length(NewValue) as N;$orderby=Id)");
        Assert.Equal(8, both["L"]!.GetValue<int>());
        Assert.Equal([4, 6], both["Events"]!.AsArray().Select(e => e!["N"]!.GetValue<int>()));
        Assert.Equal("status", both["Events"]![0]!["Field"]!.GetValue<string>());
        var filtered = await desk.GetAsync("/odata/Tickets(2)?$expand=Events($compute=length(NewValue) as N;$filter=N gt 4)");
        Assert.Equal(6, Assert.Single(filtered["Events"]!.AsArray())!["N"]!.GetValue<int>());
        var deep = await desk.GetAsync("/odata/Events(1)?$expand=Ticket($select=Id;$expand=Events($compute=length(NewValue) as N))");
        Assert.Equal(4, deep["Ticket"]!["Events"]![0]!["N"]!.GetValue<int>());
        Assert.Null(deep["Ticket"]!["Title"]);
        var posted = await desk.SendAsync(
            HttpMethod.Post, "/odata/Tickets/$query",
            Batch.BatchCalls.Content("$compute=length(Title) as L&$filter=Id eq 2", "text/plain"));
        Assert.Equal(8, JsonNode.Parse(await posted.Content.ReadAsStringAsync(Cancel))!["value"]![0]!["L"]!.GetValue<int>());

        Assert.Equal(["Title"], Names((await desk.RowsAsync("/odata/Tickets?$compute=length(Title) as L&$select=Title"))[0]));
        Assert.Equal(["L"], Names((await desk.RowsAsync("/odata/Tickets?$compute=length(Title) as L&$select=L"))[0]));
        Assert.Contains("L", Names((await desk.RowsAsync("/odata/Tickets?$compute=length(Title) as L&$select=*"))[0]));
    }

    [Theory, Providers]
    public async Task What_is_computed_is_on_every_page_in_changes_and_after_writes(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(5);
        var rows = await desk.WalkAsync("/odata/Tickets?$compute=length(Title) as L&$orderby=L desc,Id", 2);
        Assert.Equal([8, 8, 8, 8, 8], rows.Select(row => row["L"]!.GetValue<int>()));
        Assert.All(rows, row => Assert.NotNull(row["Title"]));

        var tracked = await desk.GetAsync("/odata/Tickets?$compute=length(Title) as L", ("Prefer", "odata.track-changes"));
        using var changed = await desk.SendAsync(
            HttpMethod.Patch,
            "/odata/Tickets(1)?$expand=Events($compute=length(NewValue) as N;$orderby=Id)",
            """{"Title":"Longer than before"}""");
        Assert.Equal(4, JsonNode.Parse(await changed.Content.ReadAsStringAsync(Cancel))!["Events"]![0]!["N"]!.GetValue<int>());
        var changes = await desk.GetAsync(tracked["@odata.deltaLink"]!.GetValue<string>());
        Assert.Equal(18, changes["value"]!.AsArray().Single()!["L"]!.GetValue<int>());
    }

    private static IEnumerable<string> Names(JsonObject row) => row.Select(p => p.Key).Where(name => !name.Contains('@'));

    [Theory, Providers]
    public async Task A_time_that_has_a_name_is_taken_from_another(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        var rows = await desk.RowsAsync(
            "/odata/Tickets?$compute=FirstResolvedAt as N"
                + "&$filter=totalseconds(ResolvedAt sub N) eq 0 and totalseconds(N sub CreatedAt) eq 660&$select=Id");
        Assert.Equal([2], rows.Select(row => row["Id"]!.GetValue<int>()));
        rows = await desk.RowsAsync(
            "/odata/Events?$apply=groupby((TicketId),aggregate(At with min as N,At with max as M))"
                + "&$compute=totalseconds(M sub N) as S,totalseconds(N sub 2026-01-01T00:00:00Z) gt 0 as P&$filter=TicketId eq 2");
        Assert.Equal("660|true", string.Join('|', rows.Select(row => $"{row["S"]!.GetValue<double>()}|{row["P"]!.ToJsonString()}")));
    }
}
