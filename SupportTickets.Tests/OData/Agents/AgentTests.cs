using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Batch;
using SupportTickets.Tests.OData.Deltas;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

/// <summary>The people behind the tickets, as the feed shows them: whom, and nothing of their accounts.</summary>
public sealed class AgentTests
{
    private static readonly string[] Secrets =
    [
        "stamp", "hash", "example.com", "EXAMPLE.COM", "Email", "Password", "Role", "Locked", "Deactivated",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task The_set_has_agents_and_those_who_left_with_tickets_and_nothing_of_their_accounts(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(9);
        var ids = await desk.AssignSomeAsync(); // of the tickets 1 5 9, of 2 6, of 3 7
        await using (var db = desk.Database.Open())
        {
            await db.People
                .Where(p => p.Id == ids[0])
                .ExecuteUpdateAsync(p => p.SetProperty(x => x.DeactivatedAt, DateTime.UnixEpoch), Cancel);
            await db.People.Where(p => p.Id == ids[1]).ExecuteUpdateAsync(p => p.SetProperty(x => x.Role, Role.viewer), Cancel);
        }
        var viewer = await desk.Desk.AddPersonAsync(Role.viewer, "Vera");
        var admin = await desk.Desk.AddPersonAsync(Role.admin, "Root");
        var agents = (await desk.GetAsync("/odata/Agents"))["value"]!;
        Assert.Equal(
            $$"""[{"Id":{{ids[0]}},"Name":"Zoë","IsActive":false},{"Id":{{ids[1]}},"Name":"Ada","IsActive":false},"""
                + $$"""{"Id":{{ids[2]}},"Name":"Ada","IsActive":true},{"Id":{{admin.Id}},"Name":"Root","IsActive":true}]""",
            agents.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        await desk.FailAsync($"/odata/Agents({viewer.Id})", HttpStatusCode.NotFound);

        // Without a ticket nothing leads to who has left.
        await using (var db = desk.Database.Open())
            await db.Tickets
                .Where(t => t.AssigneeId == ids[0])
                .ExecuteUpdateAsync(t => t.SetProperty(x => x.AssigneeId, (int?)null), Cancel);
        Assert.Equal(
            $"{ids[1]} {ids[2]} {admin.Id}", string.Join(' ', (await desk.RowsAsync("/odata/Agents?$select=Id")).Select(row => row["Id"])));

        foreach (var url in new[]
        {
            "Agents?$format=application/json;metadata=full",
            "Tickets?$expand=Assignee&$format=application/json;metadata=full",
            "Tickets?$expand=*($levels=1)",
            "Tickets(2)/Assignee",
            "Events?$expand=Ticket($expand=Assignee)",
            "Tickets?$apply=groupby((Assignee/Name,Assignee/IsActive))",
        })
        {
            using var answer = await desk.SendAsync(HttpMethod.Get, $"/odata/{url}", (HttpContent?)null);
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.All(Secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        }
        var metadata = await desk.Client.GetStringAsync("/odata/$metadata", Cancel);
        var type = metadata[metadata.IndexOf("<EntityType Name=\"Agent\"", StringComparison.Ordinal)..];
        Assert.Equal(
            ["Id", "Name", "IsActive", "Tickets"],
            System
                .Text.RegularExpressions.Regex.Matches(
                    type[..type.IndexOf("</EntityType>", StringComparison.Ordinal)], "Property Name=\"(\\w+)\"")
                .Select(m => m.Groups[1].Value));
        foreach (var name in new[] { "Email", "PasswordHash", "SecurityStamp", "Role", "AccessFailedCount" })
        {
            await desk.FailAsync($"/odata/Agents?$filter={name} ne null", HttpStatusCode.BadRequest);
            await desk.FailAsync($"/odata/Tickets?$orderby=Assignee/{name}", HttpStatusCode.BadRequest);
            await desk.FailAsync($"/odata/Agents({admin.Id})/{name}", HttpStatusCode.NotFound);
        }
    }

    [Theory, Providers]
    public async Task Tickets_are_expanded_filtered_sorted_and_grouped_by_who_works_on_them_in_one_statement(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(9);
        var ids = await desk.AssignSomeAsync(); // Zoë has 1 5 9, Ada 2 6, the other Ada 3 7, nobody 4 8
        await using (var db = desk.Database.Open())
            await db.People
                .Where(p => p.Id == ids[0])
                .ExecuteUpdateAsync(p => p.SetProperty(x => x.DeactivatedAt, DateTime.UnixEpoch), Cancel);
        foreach (var (query, expected) in new[]
        {
            ("$filter=Assignee/Name eq 'Ada'", "2 3 6 7"),
            ("$filter=Assignee/Name ne 'Ada'", "1 4 5 8 9"),
            ("$filter=Assignee eq null", "4 8"),
            ("$filter=AssigneeId eq null", "4 8"),
            ("$filter=Assignee/IsActive eq false", "1 5 9"),
            ($"$filter=AssigneeId eq {ids[2]}", "3 7"),
            ($"$filter=AssigneeId in ({ids[0]},{ids[1]})", "1 2 5 6 9"),
            ("$filter=contains(tolower(Assignee/Name),'zo')", "1 5 9"),
            ("$filter=Assignee/Tickets/$count eq 3", "1 5 9"),
            ("$orderby=Assignee/Name,Id desc", "8 4 7 6 3 2 9 5 1"),
            ("$orderby=AssigneeId desc,Id", "3 7 2 6 1 5 9 4 8"),
            ("$orderby=Assignee/IsActive desc,Assignee/Name,Id", "2 3 6 7 1 5 9 4 8"),
            ("$compute=length(Assignee/Name) as L&$filter=L eq 3&$select=Id,L", "1 2 3 5 6 7 9"),
        })
        {
            desk.Forget();
            Assert.Equal(
                (query, expected), (query, string.Join(' ', (await desk.RowsAsync($"/odata/Tickets?{query}")).Select(row => row["Id"]))));
            Assert.Single(desk.Sql);
        }
        desk.Forget();
        var rows = await desk.RowsAsync("/odata/Tickets?$select=Id,AssigneeId&$expand=Assignee&$top=4");
        Assert.Single(desk.Sql);
        Assert.Equal(["Zoë", "Ada", "Ada", null], rows.Select(row => row["Assignee"]?["Name"]!.GetValue<string>()));
        Assert.Equal([.. ids, null], rows.Select(row => row["AssigneeId"]?.GetValue<int>()));

        desk.Forget();
        var groups = (await desk.RowsAsync("/odata/Tickets?$apply=groupby((Assignee/Name),aggregate($count as N))"))
            .Select(row => $"{row["Assignee"]?["Name"]} {row["N"]}")
            .Order(StringComparer.Ordinal);
        Assert.Single(desk.Sql);
        Assert.Equal([" 2", "Ada 4", "Zoë 3"], groups);
        var counted = await desk.RowsAsync(
            "/odata/Tickets?$apply=groupby((AssigneeId),aggregate($count as N))/aggregate($count as Groups)");
        Assert.Equal("4", counted[0]["Groups"]!.ToString());
        Assert.Equal(
            "Zoë",
            (await desk.RowsAsync("/odata/Tickets?$apply=aggregate(Assignee/Name with max as Last)"))[0]["Last"]!.GetValue<string>());
    }

    [Theory, Providers]
    public async Task Paths_lead_from_tickets_to_agents_and_back_by_pages_and_agents_cannot_be_written(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(20);
        var ids = await desk.AssignSomeAsync();
        Assert.Equal("Ada", (await desk.GetAsync("/odata/Tickets(2)/Assignee"))["Name"]!.GetValue<string>());
        Assert.Equal("Ada", await desk.Client.GetStringAsync("/odata/Tickets(2)/Assignee/Name/$value", Cancel));
        Assert.Equal($"{ids[1]}", await desk.Client.GetStringAsync("/odata/Tickets(2)/AssigneeId/$value", Cancel));
        foreach (var url in new[] { "Tickets(4)/Assignee", "Tickets(4)/AssigneeId" })
        {
            using var none = await desk.Client.GetAsync($"/odata/{url}", Cancel);
            Assert.Equal(HttpStatusCode.NoContent, none.StatusCode);
        }
        Assert.Equal(
            [2, 6, 10, 14, 18],
            (await desk.WalkAsync($"/odata/Agents({ids[1]})/Tickets?$select=Id", pageSize: 2)).Select(row => row["Id"]!.GetValue<int>()));
        Assert.Equal("5", await desk.Client.GetStringAsync($"/odata/Agents({ids[1]})/Tickets/$count", Cancel));
        Assert.Equal("Ticket 5", (await desk.GetAsync($"/odata/Agents({ids[1]})/Tickets(6)"))["Title"]!.GetValue<string>());
        await desk.FailAsync($"/odata/Agents({ids[1]})/Tickets(7)", HttpStatusCode.NotFound);
        await desk.FailAsync("/odata/Agents(99)/Tickets", HttpStatusCode.NotFound);
        Assert.Equal(
            ["Ada", "Ada", "Zoë"],
            (await desk.RowsAsync("/odata/Agents?$filter=Tickets/any(t:t/Status eq 'open')&$orderby=Name,Id")).Select(row =>
                row["Name"]!.GetValue<string>()));
        Assert.Equal(
            ids, (await desk.RowsAsync("/odata/Agents?$orderby=Tickets/$count desc,Id")).Select(row => row["Id"]!.GetValue<int>()));

        foreach (var url in new[]
        {
            "Agents?$expand=Tickets",
            "Agents?$expand=Tickets($top=1)",
            "Agents?$expand=Tickets/$ref",
            "Agents?$expand=*",
            "Tickets?$expand=Assignee($expand=Tickets)",
        })
            Assert.Equal("$expand", (await desk.FailAsync($"/odata/{url}", HttpStatusCode.NotImplemented))["target"]!.GetValue<string>());
        foreach (var (method, url) in new[]
        {
            ("POST", "Agents"),
            ("PATCH", $"Agents({ids[1]})"),
            ("DELETE", $"Agents({ids[1]})"),
            ("PUT", $"Agents({ids[1]})/Name"),
            ("PATCH", "Tickets(2)/Assignee"),
            ("PUT", "Tickets(2)/Assignee/$ref"),
            ("POST", $"Agents({ids[1]})/Tickets"),
        })
        {
            using var response = await desk.SendAsync(new(method), $"/odata/{url}", """{"Name":"x","value":"x"}""");
            await FeedDesk.ErrorAsync(response, HttpStatusCode.MethodNotAllowed);
        }
        foreach (var body in new[] { """{"Assignee":{"Id":1}}""", """{"Assignee@odata.bind":"Agents(1)"}""", """{"Assignee":null}""" })
        {
            using var response = await desk.SendAsync(HttpMethod.Patch, "/odata/Tickets(2)", body);
            Assert.Equal(
                "nested_entity",
                (await FeedDesk.ErrorAsync(response, HttpStatusCode.BadRequest))["details"]![0]!["code"]!.GetValue<string>());
        }
    }

    [Theory, Providers]
    public async Task An_assignment_is_a_change_that_a_delta_link_tells_and_a_name_is_none(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(4);
        var ids = await desk.AssignSomeAsync();
        var mine = new Copy(desk, $"$filter=AssigneeId eq {ids[0]}");
        await mine.PullAsync();
        Assert.Equal([1], mine.Ids);
        await AssignAsync(1, ids[1]);
        await AssignAsync(4, ids[0]);
        await AssignAsync(2, ids[1]); // is that way
        await mine.FollowAsync();
        Assert.Equal(["4", "1 changed"], mine.Told);
        Assert.Equal(await mine.FreshAsync(), mine.Rows);

        // What shows or asks for more of a person changes without any change to a ticket, so it is not tracked.
        foreach (var (query, tracked) in new[]
        {
            ("$filter=AssigneeId eq null", true),
            ("$filter=Title eq 'Assignee/Name'", true),
            ("$expand=Events", true),
            ("$filter=Assignee/Name eq 'Ada'", false),
            ("$expand=Assignee", false),
            ("$expand=*", false),
            ("$compute=assignee/name as A", false),
            ("$expand=Events($expand=Ticket($expand=Assignee))", false),
            ("$filter=@a&@a=Assignee/IsActive", false),
        })
        {
            using var answer = await desk.SendAsync(
                HttpMethod.Get, $"/odata/Tickets?{query}", (HttpContent?)null, ("Prefer", "track-changes"), ("OData-MaxVersion", "4.01"));
            Assert.Equal((query, tracked), (query, answer.Headers.Contains("Preference-Applied")));
        }
        var etag = (await desk.GetAsync("/odata/Tickets(1)"))["@odata.etag"]!.GetValue<string>();
        await using (var db = desk.Database.Open())
            await db.People.Where(p => p.Id == ids[1]).ExecuteUpdateAsync(p => p.SetProperty(x => x.Name, "Ada King"), Cancel);
        using var plain = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets(1)", (HttpContent?)null, ("If-None-Match", etag));
        Assert.Equal(HttpStatusCode.NotModified, plain.StatusCode);
        using var expanded = await desk.SendAsync(
            HttpMethod.Get, "/odata/Tickets(1)?$expand=Assignee", (HttpContent?)null, ("If-None-Match", etag));
        Assert.Contains("Ada King", await expanded.Content.ReadAsStringAsync(Cancel));

        async Task AssignAsync(int ticket, int whom)
        {
            using var answer = await desk.SendAsync(HttpMethod.Post, $"/odata/Tickets({ticket})/Assign", $$"""{"AssigneeId":{{whom}}}""");
            Assert.True(answer.IsSuccessStatusCode);
        }
    }

    [Theory, CombinedProviders(true), CombinedProviders(false)]
    public async Task Assignments_are_parts_of_change_sets_all_or_nothing_and_go_by_the_version(Provider provider, bool json)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        var ids = await desk.AssignSomeAsync();
        var done = await desk.BatchAsync(json,
        [
            Part.Create("a", "First", "g"),
            new("b", "POST", "$a/Assign", $$"""{"AssigneeId":{{ids[2]}}}""", "g"),
            new("c", "POST", "Tickets(1)/Assign", "{}", "g", Headers: ("If-Match", "W/\"1\"")),
            Part.Change("d", "Tickets(2)", $$"""{"AssigneeId":{{ids[0]}}}""", "g"),
        ]);
        Assert.Equal(["a 201", "b 200", "c 200", "d 200"], done.Select(a => $"{a.Id} {a.Status}"));
        Assert.Equal(
            [null, ids[0], ids[2], ids[2]], (await desk.RowsAsync("/odata/Tickets")).Select(row => row["AssigneeId"]?.GetValue<int>()));
        foreach (var (part, status) in new[]
        {
            (new Part("x", "POST", "Tickets(3)/Assign", """{"AssigneeId":99}""", "g"), 400),
            (new Part("x", "POST", "Tickets(3)/Assign", "{}", "g", Headers: ("If-Match", "W/\"9\"")), 412),
        })
        {
            var failed = await desk.BatchAsync(json, [new("w", "POST", "Tickets(2)/Assign", "{}", "g"), part]);
            Assert.Equal($"x {status}", failed.Where(a => a.Status != 424).Select(a => $"{a.Id} {a.Status}").Single());
        }
        Assert.Equal(
            [null, ids[0], ids[2], ids[2]], (await desk.RowsAsync("/odata/Tickets")).Select(row => row["AssigneeId"]?.GetValue<int>()));
        Assert.Equal(
            ["Zoë #1", "Ada #2"],
            (await desk.RowsAsync("/odata/Events?$filter=Field eq 'assignee' and OldValue ne ''&$orderby=TicketId")).Select(row =>
                row["OldValue"]!.GetValue<string>()));
    }
}
