using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tests.Pages;

public sealed class AssigneePageTests
{
    private const string Save = ".facts form:has(#assignee) button";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_ticket_is_taken_given_to_others_and_given_back_on_its_page(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var (ada, bob) = (await desk.AddPersonAsync(Role.agent, "Ada"), await desk.AddPersonAsync(Role.admin, "Bob"));
        await using (var db = desk.Database.Open())
            await db.People.Where(p => p.Id == bob.Id).ExecuteUpdateAsync(p => p.SetProperty(x => x.Name, "<b>Bob"), Cancel);
        using var client = await desk.SignedInAsync(ada);
        var site = new Site(desk, client);
        var id = (await desk.AddTicketAsync()).Id;

        var page = await site.GetAsync($"/tickets/{id}");
        Assert.Equal(["Take", "Reply", "Resolve", "Close", "Edit"], page.Texts(".ticket-head .button"));
        Assert.Equal(["Nobody", "Ada (you)", "<b>Bob"], page.Texts("#assignee option"));
        page = await NextAsync(await site.PressAsync(page, ".ticket-head [data-key=a]"));
        Assert.Equal(("Taken: it is yours and in progress. Undo", $"{ada.Id}"), (page.Text("[data-outcome]"), Assignee(page)));
        Assert.Equal(["Reply", "Resolve", "Close", "Edit"], page.Texts(".ticket-head .button"));
        page = await NextAsync(await site.PressAsync(page, Save, ("assignee", $"{bob.Id}")));
        Assert.Equal(["Reply", "Resolve", "Close", "Assign to me", "Edit"], page.Texts(".ticket-head .button"));
        page = await NextAsync(await site.PressAsync(page, Save, ("assignee", "")));
        page = await NextAsync(await site.PressAsync(page, "[data-outcome] button"));
        Assert.Equal($"{bob.Id}", Assignee(page));
        page = await NextAsync(
            await site.PressAsync(await site.GetAsync($"/tickets/{id}/edit"), ".primary", ("assignee", ""), ("priority", "high")));
        Assert.Equal(
            [
                "tester opened this ticket",
                "Ada changed status from open to in progress, took it, assigned to <b>Bob, before to Ada, unassigned <b>Bob, "
                    + "assigned to <b>Bob and changed priority from low to high",
            ],
            page.Texts(".timeline .event").Select(text => text.Replace("\u2068", "").Replace("\u2069", "")));

        // Somebody was faster: both values are shown, with names.
        var mine = await site.GetAsync($"/tickets/{id}/edit");
        await site.PressAsync(page, Save, ("assignee", $"{bob.Id}"));
        var conflict = await site.PressAsync(mine, ".primary", ("assignee", $"{ada.Id}"));
        Assert.Equal(HttpStatusCode.Conflict, conflict.Status);
        Assert.Equal(("<b>Bob", $"{ada.Id}"), (conflict.Text(".saved .text"), conflict.Value("assignee")));

        async Task<Answer> NextAsync(Answer sent)
        {
            Assert.Equal((HttpStatusCode.Redirect, $"/tickets/{id}"), (sent.Status, sent.Location));
            return await site.GetAsync(sent.Location!);
        }
    }

    private static string Assignee(Answer page) => page.Document.QuerySelector<IHtmlSelectElement>("#assignee")!.Value ?? "";

    [Theory, Providers]
    public async Task The_list_shows_filters_and_changes_who_works_on_tickets(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var (ada, bob) = (await desk.AddPersonAsync(Role.agent, "Ada"), await desk.AddPersonAsync(Role.agent, "Bob"));
        using var client = await desk.SignedInAsync(ada);
        var site = new Site(desk, client);
        for (var i = 0; i < 5; i++) await desk.AddTicketAsync($"Ticket {i}", status: i == 4 ? Status.closed : Status.open);
        await using (var db = desk.Database.Open())
        {
            await db.Tickets.Where(t => t.Id == 1 || t.Id == 5).ExecuteUpdateAsync(t => t.SetProperty(x => x.AssigneeId, ada.Id), Cancel);
            await db.Tickets.Where(t => t.Id == 2).ExecuteUpdateAsync(t => t.SetProperty(x => x.AssigneeId, bob.Id), Cancel);
        }
        var list = await site.GetAsync("/tickets");
        Assert.Equal(["Ada", "", "", "Bob", "Ada"], list.Texts("tbody .col-assignee"));
        Assert.Equal(["Any", "Me", "Nobody", "Bob"], list.Texts(".filters [name=assignee] option"));
        Assert.Equal(["Mine 1", "Unassigned 2"], list.Texts(".ready a"));
        foreach (var (query, chip, ids) in new[]
        {
            ("assignee=me", "Assigned to me×", "#5 #1"),
            ("assignee=none", "Unassigned×", "#4 #3"),
            ($"assignee={bob.Id}", "Assigned to Bob×", "#2"),
            ("assignee=99", "Assigned to #99×", ""),
            ("assignee=me&status=closed", "Status: closed×", "#5"),
        })
        {
            var found = await site.GetAsync($"/tickets?{query}");
            Assert.Equal((query, chip, ids), (query, found.Texts(".chips li")[0], string.Join(' ', found.Texts("tbody .col-id"))));
        }
        var mine = await site.GetAsync(list.Href(".ready a"));
        Assert.Equal(("Mine 1", "#1"), (mine.Text(".ready [aria-current]"), string.Join(' ', mine.Texts("tbody .col-id"))));
        Assert.Equal("/tickets?status=open&assignee=none", list.Href(".ready + .ready a"));
        Assert.Equal(
            "There is no assignee “nobody”. Choose one from the list.",
            (await site.GetAsync("/tickets?assignee=nobody")).Text(".problem li"));

        foreach (var (whom, text) in new[]
        {
            ($"{bob.Id}", "2 tickets changed. 1 ticket was that way already."),
            ("none", "3 tickets changed."),
        })
        {
            var page = await site.GetAsync("/tickets?sort=created");
            foreach (var box in page.Document.QuerySelectorAll<IHtmlInputElement>("[name=ticket]").Take(3)) box.IsChecked = true;
            page = await site.GetAsync((await site.PressAsync(page, ".selection button", ("assignee", whom))).Location!);
            Assert.Equal(text, page.Text(".outcome p"));
        }
        await using var after = desk.Database.Open();
        Assert.Equal(
            [null, null, null, null, ada.Id], await after.Tickets.OrderBy(t => t.Id).Select(t => t.AssigneeId).ToListAsync(Cancel));
        // A choice is kept beside an error.
        var nothing = await site.PressAsync(await site.GetAsync("/tickets"), ".selection button", ("assignee", "none"));
        Assert.Equal(
            ("Select at least one ticket.", "none"),
            (nothing.Text(".problem li"), nothing.Document.QuerySelector<IHtmlSelectElement>("#set-assignee")!.Value));
    }

    [Fact]
    public async Task Me_is_offered_to_agents_who_are_signed_in_and_nothing_at_all_where_there_are_no_agents()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var nobody = new Site(desk);
        var id = (await desk.AddTicketAsync()).Id;
        foreach (var url in new[] { "/tickets", $"/tickets/{id}", $"/tickets/{id}/edit" })
            Assert.DoesNotContain("ssign", (await nobody.GetAsync(url)).Html);

        var ada = await desk.AddPersonAsync(Role.agent, "Ada");
        var viewer = new Site(desk, await desk.SignedInAsync(Role.viewer));
        foreach (var site in new[] { nobody, viewer })
        {
            var list = await site.GetAsync("/tickets");
            Assert.Equal(["Unassigned 1"], list.Texts(".ready a"));
            Assert.Equal(["Any", "Nobody", "Ada"], list.Texts(".filters [name=assignee] option"));
            Assert.Empty((await site.GetAsync($"/tickets/{id}")).Texts(".assign button"));
        }
        var mine = await nobody.GetAsync("/tickets?assignee=me&status=open");
        Assert.Equal(
            (HttpStatusCode.BadRequest, "Sign in to see the tickets that are assigned to you.", "/tickets?status=open"),
            (mine.Status, mine.Text(".problem li"), mine.Href(".problem a")));
        await using (var db = desk.Database.Open())
            await db.Tickets.ExecuteUpdateAsync(t => t.SetProperty(x => x.AssigneeId, ada.Id), Cancel);
        Assert.Contains("Ada", (await viewer.GetAsync($"/tickets/{id}")).Texts(".facts dd"));
    }

    [Theory, Providers]
    public async Task A_form_offers_the_first_by_name_and_always_who_is_chosen(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var id = (await desk.AddTicketAsync()).Id;
        await using (var db = desk.Database.Open())
        {
            for (var i = 0; i < Assignees.MaxOffered + 5; i++)
                db.People.Add(
                    new Person
                    {
                        Name = $"Agent {i:000}",
                        Email = $"{i}@example.com",
                        NormalizedEmail = $"{i}@EXAMPLE.COM",
                        SecurityStamp = "stamp",
                        Role = Role.agent,
                        CreatedAt = DateTime.UnixEpoch,
                        DeactivatedAt = i == 3 ? DateTime.UnixEpoch : null,
                    });
            await db.SaveChangesAsync(Cancel);
            var last = await db.People.SingleAsync(p => p.Name == "Agent 204", Cancel);
            (last.Name, last.DeactivatedAt) = ("Agent 000", DateTime.UnixEpoch);
            await db.SaveChangesAsync(Cancel);
            await db.Tickets.ExecuteUpdateAsync(t => t.SetProperty(x => x.AssigneeId, last.Id), Cancel);
            Assert.Equal(205, last.Id);
        }
        var options = (await new Site(desk).GetAsync($"/tickets/{id}")).Texts("#assignee option");
        Assert.Equal(1 + Assignees.MaxOffered + 1, options.Count);
        Assert.Equal(["Nobody", "Agent 000 #1", "Agent 000 #205 (has left)", "Agent 001", "Agent 002", "Agent 004"], options.Take(6));
        Assert.Equal("Agent 200", options[^1]);
    }
}
