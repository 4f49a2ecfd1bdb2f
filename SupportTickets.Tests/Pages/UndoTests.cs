using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Tags;

namespace SupportTickets.Tests.Pages;

/// <summary>A change of several tickets is undone: by who made it, and not over what somebody changed since.</summary>
public sealed class UndoTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Each_ticket_gets_its_own_values_back_except_one_that_was_changed_since(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var (ada, bob) = (await desk.AddPersonAsync(Role.agent, "Ada"), await desk.AddPersonAsync(Role.agent, "Bob"));
        for (var i = 1; i <= 5; i++) await desk.AddTicketAsync(status: i == 2 ? Status.in_progress : Status.open);
        await using (var db = desk.Database.Open())
            await db.Tickets.Where(t => t.Id == 1).ExecuteUpdateAsync(t => t.SetProperty(x => x.AssigneeId, bob.Id), Cancel);
        await desk.TagAsync(1, "old", "kept");
        await desk.TagAsync(2, "new");
        var site = new Site(desk, await desk.SignedInAsync(ada));
        var before = await StateAsync(desk);

        var page = await ChangeAsync(
            site, [1, 2, 3, 4, 5], ("status", "closed"), ("assignee", $"{ada.Id}"), ("addTag", "new"), ("removeTag", "old"));
        Assert.Equal("5 tickets changed.", page.Text(".outcome p"));
        Assert.Equal("closed Ada kept,new", (await StateAsync(desk))[0]);
        // Its title is another's; what is deleted is gone with its history; a comment changes no field.
        await EditAsync(desk, bob, 3, ("title", "Another title"), ("was-title", "A title"));
        await using (var db = desk.Database.Open())
            await db.Tickets.Where(t => t.Id == 4).ExecuteDeleteAsync(Cancel);
        await desk.AddCommentAsync(5, "A reply", by: bob);

        var answer = await site.PressAsync(page, ".outcome button");
        Assert.Equal((HttpStatusCode.Redirect, "/tickets?sort=created"), (answer.Status, answer.Location));
        var after = await site.GetAsync(answer.Location!);
        Assert.Equal("3 tickets are as they were before. 1 ticket was not changed:", after.Text(".outcome p"));
        Assert.Equal("#3 was changed again since. Look at it and change it there.", after.Text(".outcome li"));
        Assert.Empty(after.Texts(".outcome form"));
        Assert.Equal([before[0], before[1], "closed Ada new", before[4]], await StateAsync(desk));

        // Once more there is nothing to undo: each was changed again.
        answer = await site.PressAsync(page, ".outcome button");
        Assert.Contains("4 tickets were not changed:", (await site.GetAsync(answer.Location!)).Text(".outcome p"));
        Assert.Equal([before[0], before[1], "closed Ada new", before[4]], await StateAsync(desk));
    }

    [Theory, Providers]
    public async Task A_tag_that_somebody_put_there_again_stays(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        for (var i = 0; i < 2; i++) await desk.AddTicketAsync();
        var site = new Site(desk, await desk.SignedInAsync(await desk.AddPersonAsync(Role.agent, "Ada")));
        var page = await ChangeAsync(site, [1, 2], ("addTag", "urgent"));
        await using (var scope = desk.Services.CreateAsyncScope())
            Assert.Null((await scope.ServiceProvider.GetRequiredService<TagTickets>().HandleAsync(
                1, [], ["urgent"], new("Bob", Channel.web), Cancel)).Problem);
        await desk.TagAsync(1, "urgent");
        await desk.TagAsync(2, "another");

        var answer = await site.PressAsync(page, ".outcome button");
        Assert.Equal("1 ticket is as it was before. 1 ticket was not changed:", (await site.GetAsync(answer.Location!)).Text(".outcome p"));
        Assert.Equal(["urgent"], await desk.TagsAsync(1));
        Assert.Equal(["another"], await desk.TagsAsync(2));
    }

    [Theory, Providers]
    public async Task Nobody_undoes_what_another_did_nor_what_cannot_be_told_from_it(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var (ada, bob) = (await desk.AddPersonAsync(Role.agent, "Ada"), await desk.AddPersonAsync(Role.agent, "Bob"));
        for (var i = 0; i < 3; i++) await desk.AddTicketAsync();
        var site = new Site(desk, await desk.SignedInAsync(ada));
        var page = await ChangeAsync(site, [1, 2], ("status", "closed"));
        var written = page.Value("written").Split('.');
        Assert.Equal("2", written[2]);
        var own = await site.GetAsync("/tickets?sort=created");
        foreach (var change in (string[])
        [
            "", "x", "1.2", $"{written[0]}.{written[1]}.1", $"0.{long.MaxValue}.2", "0.0.0",
            $"{written[1]}.{written[0]}.2",
        ])
            await IsRefusedAsync(site, change);
        await IsRefusedAsync(new Site(desk, await desk.SignedInAsync(bob)), string.Join('.', written));
        Assert.Equal(["closed  ", "closed  ", "open  "], await StateAsync(desk));

        async Task IsRefusedAsync(Site by, string change)
        {
            var form = own.Document.QuerySelector<IHtmlFormElement>(".selection")!;
            var token = (by == site ? own : await by.GetAsync("/tickets")).Value("__RequestVerificationToken");
            var answer = await by.PostAsync(
                $"{form.GetAttribute("action")}&handler=Undo", [new("written", change), new("__RequestVerificationToken", token)]);
            Assert.Equal((change, HttpStatusCode.Conflict), (change, answer.Status));
            Assert.Equal("Nothing was undone", answer.Text(".problem h2"));
        }
    }

    private static async Task<Answer> ChangeAsync(Site site, int[] ids, params (string, string)[] change)
    {
        var page = await site.GetAsync("/tickets?sort=created");
        foreach (var box in page.Document.QuerySelectorAll<IHtmlInputElement>("[name=ticket]"))
            box.IsChecked = ids.Contains(int.Parse(box.Value.Split('.')[0]));
        return await site.GetAsync((await site.PressAsync(page, ".selection button", change)).Location!);
    }

    private static async Task EditAsync(Desk desk, SupportTickets.Access.People.Person by, int id, params (string, string)[] fields)
    {
        using var client = await desk.SignedInAsync(by);
        using var answer = await client.PostFormAsync($"/tickets/{id}", $"/tickets/{id}/edit", fields);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    // Of each ticket its status, who is assigned, and its tags.
    private static async Task<List<string>> StateAsync(Desk desk)
    {
        await using var db = desk.Database.Open();
        var tickets = await db.Tickets.OrderBy(t => t.Id)
            .Select(t => new { t.Status, t.Assignee!.Name, Tags = t.Tags.Select(tag => tag.Tag!.Name).ToList() }).ToListAsync(Cancel);
        return [.. tickets.Select(t => $"{t.Status} {t.Name} {string.Join(',', t.Tags.Order())}")];
    }
}
