using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Tickets;

/// <summary>The rules on who works on a ticket, over every way to write it, on both databases.</summary>
public sealed class AssigneeTests
{
    private const string Words = "cannot be assigned: give the id of an agent or administrator whose account is in use.";
    private const string PageWords = "Choose an assignee from the list: this one cannot be assigned.";

    /// <summary>A way to say who works on a ticket.</summary>
    private enum Way
    {
        Patch,
        Put,
        Property,
        Value,
        Action,
        Edit,
        Button,
        Selection,
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_ticket_is_given_to_somebody_handed_on_and_taken_back_with_events_that_say_so(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var (ada, bob) = (await desk.AddPersonAsync(Role.agent, "Ada #1 Lovelace"), await desk.AddPersonAsync(Role.admin, "Bob"));
        foreach (var way in Enum.GetValues<Way>())
        {
            var id = (await desk.AddTicketAsync()).Id;
            foreach (var whom in new[] { ada.Id, bob.Id, (int?)null, null })
                Assert.Equal((way, whom, ""), (way, whom, await AssignAsync(desk, way, id, whom?.ToString() ?? "")));
            await using var db = desk.Database.Open();
            var ticket = await db.Tickets.Include(t => t.Events).SingleAsync(t => t.Id == id, Cancel);
            Assert.Equal((way, null, 4), (way, ticket.AssigneeId, ticket.Version)); // to take it from nobody changes nothing
            var events = ticket.Events.OrderBy(e => e.Id).Skip(1).ToList();
            Assert.Equal(
                [("", "Ada #1 Lovelace #1"), ("Ada #1 Lovelace #1", "Bob #2"), ("Bob #2", "")],
                events.Select(e => (e.OldValue!, e.NewValue)));
            Assert.All(
                events,
                e =>
                    Assert.Equal(
                        (TicketField.assignee, "anonymous", way >= Way.Edit ? Channel.web : Channel.odata), (e.Field, e.Actor, e.Channel)));
        }
    }

    [Theory, Providers]
    public async Task Who_is_no_agent_has_left_or_is_not_there_is_refused_with_the_same_words_and_nothing_is_written(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddPersonAsync(Role.agent, "Ada");
        var viewer = await desk.AddPersonAsync(Role.viewer, "Vera");
        var gone = await desk.AddPersonAsync(Role.agent, "Gus");
        await LeaveAsync(desk, gone.Id);
        var id = (await desk.AddTicketAsync()).Id;
        foreach (var way in Enum.GetValues<Way>())
        {
            foreach (var whom in new[] { $"{viewer.Id}", $"{gone.Id}", "99", "0", "-1", "2147483648", "1.0" })
                Assert.Equal(
                    (way, whom, way >= Way.Edit ? PageWords : $"\"{whom}\" {Words}"), (way, whom, await AssignAsync(desk, way, id, whom)));
        }
        foreach (var json in new[] { "true", "[1]", "{}", "\"Ada\"" })
            Assert.Contains(
                Words, await ODataAsync(desk, HttpMethod.Patch, $"Tickets({id})", $$"""{"Status":"closed","AssigneeId":{{json}}}"""));
        var body = $$"""{"Title":"t","Description":"d","Category":"general","Priority":"low","AssigneeId":{{viewer.Id}}}""";
        Assert.Contains(Words, await ODataAsync(desk, HttpMethod.Post, "Tickets", body));
        await using var db = desk.Database.Open();
        var stored = await db.Tickets.SingleAsync(Cancel);
        Assert.Equal((Status.open, null, 1), (stored.Status, stored.AssigneeId, stored.Version));
        Assert.Equal(1, await db.TicketEvents.CountAsync(Cancel));
    }

    [Theory, Providers]
    public async Task Who_leaves_keeps_the_tickets_until_they_are_given_to_others(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var (gus, ada) = (await desk.AddPersonAsync(Role.agent, "Gus"), await desk.AddPersonAsync(Role.agent, "Ada"));
        var ids = new List<int>();
        foreach (var way in Enum.GetValues<Way>())
        {
            ids.Add((await desk.AddTicketAsync()).Id);
            Assert.Equal("", await AssignAsync(desk, Way.Patch, ids[^1], $"{gus.Id}"));
        }
        await LeaveAsync(desk, gus.Id);
        foreach (var (way, id) in Enum.GetValues<Way>().Zip(ids))
        {
            // Written back as it was read, beside another change, it is no assignment.
            if (way != Way.Selection)
                Assert.Equal((way, ""), (way, await AssignAsync(desk, way, id, $"{gus.Id}")));
            Assert.Equal(
                HttpStatusCode.OK,
                (await desk.ChangeAsync(Face.ODataPut, id, new Dictionary<string, object?> { ["priority"] = "high" })).Status);
            Assert.Equal(
                HttpStatusCode.OK,
                (await desk.ChangeAsync(Face.Pages, id, new Dictionary<string, object?> { ["priority"] = "critical" })).Status);
            Assert.Equal(
                HttpStatusCode.OK,
                (await desk.ChangeAsync(Face.Rest, id, new Dictionary<string, object?> { ["priority"] = "low" })).Status);
            Assert.Equal("", await AssignAsync(desk, way, id, $"{ada.Id}"));
        }
        await using var db = desk.Database.Open();
        Assert.All(await db.Tickets.ToListAsync(Cancel), ticket => Assert.Equal((ada.Id, 6), (ticket.AssigneeId, ticket.Version)));
    }

    [Theory, Providers]
    public async Task A_ticket_can_come_in_with_an_assignee_and_REST_neither_takes_nor_shows_one(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var ada = await desk.AddPersonAsync(Role.agent, "Ada");
        var assigned = $$"""{"Title":"t","Description":"d","Category":"general","Priority":"low","AssigneeId":{{ada.Id}}}""";
        Assert.Equal("", await ODataAsync(desk, HttpMethod.Post, "Tickets", assigned));
        await using (var db = desk.Database.Open())
            Assert.Equal(
                [("status", null, "open"), ("assignee", "", "Ada #1")],
                (await db.TicketEvents.OrderBy(e => e.Id).ToListAsync(Cancel)).Select(e => (e.Field.ToString(), e.OldValue, e.NewValue)));
        var body = $$"""
            {"title":"t","description":"d","category":"general","priority":"low",
            "assignee":99,"assignee_id":{{ada.Id}},"AssigneeId":null}
            """.ReplaceLineEndings("");
        foreach (var (method, path) in new[] { (HttpMethod.Post, "/api/tickets/"), (HttpMethod.Patch, "/api/tickets/1/") })
        {
            using var request = new HttpRequestMessage(method, path) { Content = Json(body) };
            using var answer = await desk.Client.SendAsync(request, Cancel);
            Assert.True(answer.IsSuccessStatusCode);
            Assert.DoesNotContain("assignee", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.OrdinalIgnoreCase);
        }
        await using var after = desk.Database.Open();
        Assert.Equal([ada.Id, null], await after.Tickets.OrderBy(t => t.Id).Select(t => t.AssigneeId).ToListAsync(Cancel));
    }

    [Theory, Providers]
    public async Task Who_may_only_send_tickets_in_assigns_nobody(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "submit"));
        var ada = await desk.AddPersonAsync(Role.agent, "Ada");
        const string whole = "\"Title\":\"t\",\"Description\":\"d\",\"Category\":\"general\",\"Priority\":\"low\"";
        using var refused = await desk.Client.PostAsync("/odata/Tickets", Json($"{{{whole},\"AssigneeId\":{ada.Id}}}"), Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var taken = await desk.Client.PostAsync("/odata/Tickets", Json($"{{{whole},\"AssigneeId\":null}}"), Cancel);
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        using var form = await desk.Client.PostFormAsync(
            "/tickets/new", "/tickets/new", ("title", "t"), ("description", "d"), ("category", "general"), ("priority", "low"),
            ("assignee", $"{ada.Id}"), ("requesterName", "Rita"), ("requesterEmail", "rita@example.com"));
        Assert.Equal(HttpStatusCode.Redirect, form.StatusCode);
        using var agent = desk.ClientWith((await desk.AddTokenAsync(ada)).Text);
        using var given = await agent.PostAsync("/odata/Tickets", Json($"{{{whole},\"AssigneeId\":{ada.Id}}}"), Cancel);
        Assert.Equal(HttpStatusCode.Created, given.StatusCode);
        await using var db = desk.Database.Open();
        Assert.Equal([null, null, ada.Id], await db.Tickets.OrderBy(t => t.Id).Select(t => t.AssigneeId).ToListAsync(Cancel));
    }

    // What is wrong with it; empty when it was done. Empty is nobody, too.
    private static async Task<string> AssignAsync(Desk desk, Way way, int id, string whom)
    {
        var json = whom.Length == 0 ? "null" : whom;
        switch (way)
        {
            case Way.Patch: return await ODataAsync(desk, HttpMethod.Patch, $"Tickets({id})", $$"""{"AssigneeId":{{json}}}""");
            case Way.Put:
                var put = await desk.ChangeAsync(
                    Face.ODataPut, id, new Dictionary<string, object?> { ["assignee"] = JsonNode.Parse(json) });
                return put.Errors.GetValueOrDefault("assignee", "");
            case Way.Property when whom.Length == 0: return await ODataAsync(desk, HttpMethod.Delete, $"Tickets({id})/AssigneeId", null);
            case Way.Property: return await ODataAsync(desk, HttpMethod.Put, $"Tickets({id})/AssigneeId", $$"""{"value":{{json}}}""");
            case Way.Value: return await ODataAsync(desk, HttpMethod.Put, $"Tickets({id})/AssigneeId/$value", whom, "text/plain");
            case Way.Action:
                return await ODataAsync(
                    desk, HttpMethod.Post, $"Tickets({id})/Assign", whom.Length == 0 ? "{}" : $$"""{"AssigneeId":{{json}}}""");
            case Way.Edit:
                var edit = await desk.ChangeAsync(Face.Pages, id, new Dictionary<string, object?> { ["assignee"] = whom });
                return edit.Errors.GetValueOrDefault("assignee", "");
        }
        var ticket = (await desk.TicketsAsync()).Single(t => t.Id == id);
        var (path, fields) = way == Way.Button
            ? ($"/tickets/{id}/edit", new[] { ("was-assignee", $"{ticket.AssigneeId}"), ("assignee", whom) })
            : ("/tickets", [("ticket", $"{id}.{ticket.Version}"), ("assignee", whom.Length == 0 ? "none" : whom)]);
        using var answer = await desk.Client.PostFormAsync("/tickets/new", path, fields);
        if (answer.StatusCode == HttpStatusCode.Redirect)
            return "";
        var page = new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(Cancel));
        return Assert.Single(page.QuerySelectorAll(".problem li")).TextContent.Trim();
    }

    private static async Task<string> ODataAsync(Desk desk, HttpMethod method, string path, string? body, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, $"/odata/{path}")
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, type),
        };
        using var answer = await desk.Client.SendAsync(request, Cancel);
        if (answer.IsSuccessStatusCode)
            return "";
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var detail = Assert.Single(JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["error"]!["details"]!.AsArray())!;
        Assert.Equal("AssigneeId not_a_choice", $"{detail["target"]} {detail["code"]}");
        return detail["message"]!.GetValue<string>();
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task LeaveAsync(Desk desk, int person)
    {
        await using var db = desk.Database.Open();
        await db.People.Where(p => p.Id == person).ExecuteUpdateAsync(p => p.SetProperty(x => x.DeactivatedAt, DateTime.UnixEpoch), Cancel);
    }
}
