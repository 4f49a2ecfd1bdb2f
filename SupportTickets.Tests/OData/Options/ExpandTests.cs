using System.Net;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

public sealed class ExpandTests
{
    [Theory, Providers]
    public async Task Nested_options_shape_what_is_expanded(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        desk.Forget();
        var ticket = (await desk.RowsAsync("/odata/Tickets?$filter=Id eq 2&$select=Id&$expand=Events($filter=Field eq 'status';$orderby=Id desc;$skip=1;$top=1;$count=true;$select=NewValue)")).Single();
        Assert.Single(desk.Sql);
        Assert.Equal(2, ticket["Events@odata.count"]!.GetValue<int>());
        Assert.Equal("""[{"NewValue":"open"}]""", ticket["Events"]!.ToJsonString());

        ticket = (await desk.RowsAsync("/odata/Tickets?$filter=Id eq 2&$select=Id&$expand=Events/$ref")).Single();
        Assert.Equal("""[{"@odata.id":"Events(2)"},{"@odata.id":"Events(3)"}]""", ticket["Events"]!.ToJsonString());

        ticket = (await desk.RowsAsync("/odata/Tickets?$filter=Id eq 2&$select=Id&$expand=Events($filter=NewValue eq @v;$compute=TicketId add 40 as X;$select=X)&@v='closed'")).Single();
        Assert.Equal("""[{"X@odata.type":"#Int32","X":42}]""", ticket["Events"]!.ToJsonString());

        var change = (await desk.RowsAsync("/odata/Events?$filter=Id eq 3&$select=Id&$expand=Ticket($select=Title;$expand=Events($top=1;$select=Id))")).Single();
        Assert.Equal("Ticket 1", change["Ticket"]!["Title"]!.GetValue<string>());
        Assert.Equal("""[{"Id":2}]""", change["Ticket"]!["Events"]!.ToJsonString());
        await desk.FailAsync("/odata/Tickets?$expand=Events($levels=2)", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets?$expand=Events($search=x)", HttpStatusCode.NotImplemented);
    }

    [Theory, Providers]
    public async Task Filters_and_orders_count_related_rows_also_filtered(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(6); // the tickets 1 and 4 have one event, the others two, the second of which closes or resolves
        foreach (var (options, expected) in new[]
        {
            ("$filter=Events/$count eq 1", "1 4"), ("$filter=Events/$count gt 1", "2 3 5 6"), ("$filter=Events/$count($filter=NewValue eq 'closed') eq 1", "2 6"),
            ("$filter=Events/$count($filter=NewValue eq 'closed') eq 0 and Events/$count eq 2", "3 5"), ("$orderby=Events/$count($filter=NewValue eq 'resolved') desc,Id", "3 5 1 2 4 6"),
        })
            Assert.Equal(expected, string.Join(' ', (await desk.RowsAsync($"/odata/Tickets?{options}&$select=Id")).Select(row => row["Id"])));
        foreach (var (filter, count) in new[] { ("Ticket eq null", 0), ("Ticket ne null", 10), ("null ne Ticket", 10), ("not (Ticket eq null)", 10) })
            Assert.Equal(count, (await desk.RowsAsync($"/odata/Events?$filter={filter}")).Count);
        await desk.FailAsync("/odata/Tickets?$filter=Events/$count($top=1) eq 1", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets?$filter=Events/$count($search=a) eq 1", HttpStatusCode.NotImplemented);
    }
}
