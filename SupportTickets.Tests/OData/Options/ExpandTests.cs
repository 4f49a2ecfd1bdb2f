using System.Net;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

public sealed class ExpandTests
{
    [Theory, Providers]
    public async Task Nested_options_shape_what_is_expanded(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        desk.Forget();
        var ticket = (await desk.RowsAsync(
            "/odata/Tickets?$filter=Id eq 2&$select=Id"
                + "&$expand=Events($filter=Field eq 'status';$orderby=Id desc;$skip=1;$top=1;$count=true;$select=NewValue)")).Single();
        Assert.Single(desk.Sql);
        Assert.Equal(2, ticket["Events@odata.count"]!.GetValue<int>());
        Assert.Equal("""[{"NewValue":"open"}]""", ticket["Events"]!.ToJsonString());

        ticket = (await desk.RowsAsync("/odata/Tickets?$filter=Id eq 2&$select=Id&$expand=Events/$ref")).Single();
        Assert.Equal("""[{"@odata.id":"Events(2)"},{"@odata.id":"Events(3)"}]""", ticket["Events"]!.ToJsonString());

        ticket = (await desk.RowsAsync(
            "/odata/Tickets?$filter=Id eq 2&$select=Id"
                + "&$expand=Events($filter=NewValue eq @v;$compute=TicketId add 40 as X;$select=X)&@v='closed'")).Single();
        Assert.Equal("""[{"X@odata.type":"#Int32","X":42}]""", ticket["Events"]!.ToJsonString());

        var change = (await desk.RowsAsync(
            "/odata/Events?$filter=Id eq 3&$select=Id&$expand=Ticket($select=Title;$expand=Events($top=1;$select=Id))")).Single();
        Assert.Equal("Ticket 1", change["Ticket"]!["Title"]!.GetValue<string>());
        Assert.Equal("""[{"Id":2}]""", change["Ticket"]!["Events"]!.ToJsonString());
        await desk.FailAsync("/odata/Tickets?$expand=Events($levels=2)", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets?$expand=Events($search=x)", HttpStatusCode.NotImplemented);
    }

    // URL Conventions 4.01, 5.1.1.14.4. SQLite joins by equality only.
    [Theory, Providers]
    public async Task Related_rows_are_filtered_by_the_row_that_they_are_expanded_of_or_refused_where_the_database_cannot(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        Assert.Empty((await desk.RowsAsync("/odata/Tickets?$expand=Events($filter=NewValue eq $it/Title)"))[0]["Events"]!.AsArray());
        foreach (var filter in new[] { "not contains(NewValue,$it/Title)", "$it/UrgencyScore le 100" })
        {
            var url = $"/odata/Tickets?$expand=Events($filter={filter})";
            if (provider == Provider.Sqlite)
                Assert.Equal("not_implemented", (await desk.FailAsync(url, HttpStatusCode.NotImplemented))["code"]!.GetValue<string>());
            else
                Assert.NotEmpty((await desk.RowsAsync(url))[0]["Events"]!.AsArray());
        }
    }

    // URL Conventions 4.01, 5.1.3.
    [Theory, Providers]
    public async Task Related_rows_are_counted_without_being_read(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(6); // the tickets 1 and 4 have one event, the others two
        desk.Forget();
        var rows = await desk.RowsAsync("/odata/Tickets?$expand=Events/$count&$orderby=Id");
        Assert.DoesNotContain("JOIN", Assert.Single(desk.Sql));
        Assert.Equal([1, 2, 2, 1, 2, 2], rows.Select(row => row["Events@odata.count"]!.GetValue<int>()));
        Assert.All(rows, row => Assert.False(row.ContainsKey("Events")));
        Assert.Equal("Ticket 0", rows[0]["Title"]!.GetValue<string>());

        rows = await desk.RowsAsync("/odata/Tickets?$expand=Events/$count($filter=NewValue eq 'closed')&$select=Id&$orderby=Id");
        Assert.Equal("""[1 0][2 1][3 0][4 0][5 0][6 1]""", string.Concat(rows.Select(row => $"[{row["Id"]} {row["Events@odata.count"]}]")));
        Assert.All(rows, row => Assert.Equal(["@odata.etag", "Id", "Events@odata.count"], row.Select(p => p.Key)));
        rows = await desk.WalkAsync(
            "/odata/Tickets?$expand=Events/$count&$compute=length(Title) as L&$select=L&$orderby=Events/$count desc,Id", 2);
        Assert.Equal("2 2 2 2 1 1", string.Join(' ', rows.Select(row => row["Events@odata.count"])));
        Assert.All(rows, row => Assert.Equal(8, row["L"]!.GetValue<int>()));

        var one = await desk.GetAsync("/odata/Tickets(2)?$expand=Events/$count,Assignee", ("OData-MaxVersion", "4.01"));
        Assert.Equal("2", one["Events@count"]!.ToJsonString());
        var change = await desk.GetAsync("/odata/Events(1)?$expand=Ticket($select=Title;$expand=Events/$count)");
        Assert.Equal(
            """{"Title":"Ticket 0","Events@odata.count":1}""",
            System.Text.RegularExpressions.Regex.Replace(change["Ticket"]!.ToJsonString(), "\"@odata.etag\":\"[^,]*,", ""));
        foreach (var level in new[] { "none", "minimal", "full" })
        {
            var counted = await desk.GetAsync(
                "/odata/Tickets(2)?$expand=Events/$count", ("Accept", $"application/json;odata.metadata={level}"));
            Assert.Equal(2, counted["Events@odata.count"]!.GetValue<int>());
        }
        using var created = await desk.SendAsync(
            HttpMethod.Post,
            "/odata/Tickets?$expand=Events/$count",
            """{"Title":"t","Description":"d","Category":"billing","Priority":"low"}""");
        Assert.Contains("\"Events@odata.count\":1", await created.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        // Too many to be expanded, but not to be counted.
        var ids = await desk.AssignSomeAsync();
        Assert.Equal(
            [2, 2, 2],
            (await desk.RowsAsync("/odata/Agents?$expand=Tickets/$count&$orderby=Id")).Select(row =>
                row["Tickets@odata.count"]!.GetValue<int>()));
        await desk.FailAsync("/odata/Tickets?$expand=Events/$count($search=a)", HttpStatusCode.NotImplemented);
        foreach (var wrong in new[]
        {
            "$expand=Events/$count,Events($top=1)",
            "$expand=Assignee/$count",
            "$expand=Nope/$count",
            "$expand=Events/$count($filter=Nope eq 1)",
        })
            await desk.FailAsync($"/odata/Tickets?{wrong}", HttpStatusCode.BadRequest);
    }

    [Theory, Providers]
    public async Task Filters_and_orders_count_related_rows_also_filtered(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(6); // the tickets 1 and 4 have one event, the others two, the second of which closes or resolves
        foreach (var (options, expected) in new[]
        {
            ("$filter=Events/$count eq 1", "1 4"),
            ("$filter=Events/$count gt 1", "2 3 5 6"),
            ("$filter=Events/$count($filter=NewValue eq 'closed') eq 1", "2 6"),
            ("$filter=Events/$count($filter=NewValue eq 'closed') eq 0 and Events/$count eq 2", "3 5"),
            ("$orderby=Events/$count($filter=NewValue eq 'resolved') desc,Id", "3 5 1 2 4 6"),
        })
            Assert.Equal(
                expected, string.Join(' ', (await desk.RowsAsync($"/odata/Tickets?{options}&$select=Id")).Select(row => row["Id"])));
        foreach (var (filter, count) in new[]
        {
            ("Ticket eq null", 0),
            ("Ticket ne null", 10),
            ("null ne Ticket", 10),
            ("not (Ticket eq null)", 10),
        })
            Assert.Equal(count, (await desk.RowsAsync($"/odata/Events?$filter={filter}")).Count);
        await desk.FailAsync("/odata/Tickets?$filter=Events/$count($top=1) eq 1", HttpStatusCode.BadRequest);
        await desk.FailAsync("/odata/Tickets?$filter=Events/$count($search=a) eq 1", HttpStatusCode.NotImplemented);
    }

    [Theory, Providers]
    public async Task What_is_expanded_is_sorted_as_a_set_is_with_nothing_first_and_by_the_key_where_values_are_equal(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        await using (var db = desk.Database.Open())
        {
            // In an order of their own: neither that of the keys nor of the values is the order of writing.
            foreach (var (id, old, value) in new (long, string?, string)[]
            {
                (90, "b", "x"),
                (70, null, "y"),
                (80, "a", "y"),
                (60, null, "x"),
                (95, "B", "x"),
                (50, "b", "y"),
            })
                db.Add(
                    new TicketEvent
                    {
                        Id = id,
                        TicketId = 1,
                        Actor = "seed",
                        Field = TicketField.title,
                        At = ManualClock.Monday.UtcDateTime,
                        OldValue = old,
                        NewValue = value,
                    });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        foreach (var (options, expected) in new[]
        {
            ("$orderby=OldValue", "60 70 95 80 50 90"),
            ("$orderby=OldValue desc", "50 90 80 95 60 70"),
            ("$orderby=OldValue;$top=1", "60"),
            ("$orderby=OldValue,Id desc;$top=2", "70 60"),
            ("$orderby=OldValue;$skip=1;$top=2", "70 95"),
            ("$orderby=Field", "50 60 70 80 90 95"),
            ("$orderby=NewValue desc", "50 70 80 60 90 95"),
            ("$orderby=length(OldValue)", "60 70 50 80 90 95"),
            ("$orderby=Ticket/ResolvedAt,OldValue desc", "50 90 80 95 60 70"),
            ("$count=true", "50 60 70 80 90 95"),
            ("$skip=4", "90 95"),
            ("$filter=OldValue ne null;$orderby=toupper(OldValue)", "80 50 90 95"),
        })
        {
            var filter = options.Contains("$filter", StringComparison.Ordinal)
                ? options.Replace("OldValue ne", "Id ge 50 and OldValue ne")
                : options + ";$filter=Id ge 50";
            foreach (var url in new[]
            {
                $"Tickets?$filter=Id eq 1&$select=Id&$expand=Events({filter};$select=Id)",
                $"Tickets(1)?$select=Id&$expand=Events({filter};$select=Id)",
            })
            {
                var answer = await desk.GetAsync($"/odata/{url}");
                var ticket = answer["value"]?[0] ?? answer;
                Assert.Equal(
                    $"{options}: {expected}", $"{options}: {string.Join(' ', ticket["Events"]!.AsArray().Select(row => row!["Id"]))}");
            }
        }
    }
}
