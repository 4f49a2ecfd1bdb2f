using System.Net;
using AngleSharp.Html.Dom;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Pages;

/// <summary>The requester of a ticket, changed on its page.</summary>
public sealed class TicketRequesterTests
{
    [Theory, Providers]
    public async Task A_requester_whom_both_changed_is_asked_about_and_who_changed_another_field_is_not(Provider provider)
    {
        const string save = "#fact-requester button";
        await using var desk = await Desk.StartAsync(provider);
        var site = new Site(desk);
        foreach (var name in (string[])["Ada", "Bob", "Cleo"]) await desk.AddRequesterAsync(name);
        var id = (await desk.AddTicketAsync()).Id;
        await desk.AddRequesterAsync(id, "", "ada@example.com");
        var (mine, same, theirs) = (await PageAsync(), await PageAsync(), await PageAsync());
        var whole = await site.GetAsync($"/tickets/{id}/edit");
        var saved = await site.PressAsync(theirs, save, ("requesterEmail", "bob@example.com"));
        Assert.Equal(HttpStatusCode.Redirect, saved.Status);
        Assert.Equal("Saved: another requester. Undo", (await PageAsync()).Text("[data-outcome]"));

        // Another field, the requester as it was, and the wish of both are no conflict.
        Assert.Equal(HttpStatusCode.Redirect, (await site.PressAsync(mine, "button[value=resolved]")).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await site.PressAsync(whole, ".primary", ("title", "Better"))).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await site.PressAsync(same, save, ("requesterEmail", " BOB@Example.com"))).Status);
        Assert.Equal("Bob", (await PageAsync()).Text("#fact-requester p a"));

        var conflict = await site.PressAsync(mine, save, ("requesterEmail", "new@example.com"), ("requesterName", "Nina"));
        Assert.Equal((HttpStatusCode.Conflict, "Requester's e-mail address"), (conflict.Status, conflict.Text("legend")));
        Assert.Equal(
            ("bob@example.com", "new@example.com", "Nina"),
            (conflict.Text(".saved .text"), conflict.Value("requesterEmail"), conflict.Value("requesterName")));
        Check(conflict, "theirs");
        Assert.Equal(HttpStatusCode.Redirect, (await site.PressAsync(conflict, ".primary")).Status);
        Assert.Equal("Bob", (await PageAsync()).Text("#fact-requester p a"));
        Check(conflict, "mine");
        Assert.Equal(HttpStatusCode.Redirect, (await site.PressAsync(conflict, ".primary")).Status);
        var page = await PageAsync();
        Assert.Equal("Nina", page.Text("#fact-requester p a"));
        await site.PressAsync(page, "[data-outcome] button");
        Assert.Equal("Bob", (await PageAsync()).Text("#fact-requester p a"));

        Task<Answer> PageAsync() => site.GetAsync($"/tickets/{id}");
        static void Check(Answer page, string value)
        {
            foreach (var radio in page.Document.QuerySelectorAll("[name=pick-requesterEmail]").Cast<IHtmlInputElement>())
                radio.IsChecked = radio.Value == value;
        }
    }

    [Fact]
    public async Task A_requester_who_cannot_be_saved_is_asked_for_again_with_what_was_typed()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        var id = (await desk.AddTicketAsync()).Id;
        var page = await site.GetAsync($"/tickets/{id}");
        foreach (var (email, name, error) in (ValueTuple<string, string, string>[])
        [
            ("new@example.com", "", "Enter the name of the requester: nobody with this address is known yet."),
            ("", "Nina", "Enter the e-mail address that belongs to the name."),
        ])
        {
            var refused = await site.PressAsync(page, "#fact-requester button", ("requesterEmail", email), ("requesterName", name));
            Assert.Equal((HttpStatusCode.UnprocessableEntity, error), (refused.Status, refused.Text(".problem li")));
            Assert.Equal((email, name), (refused.Value("requesterEmail"), refused.Value("requesterName")));
            Assert.Equal("true", refused.Document.GetElementById(refused.Href(".problem li a")[1..])!.GetAttribute("aria-invalid"));
        }
        Assert.Equal(1, Assert.Single(await desk.TicketsAsync()).Version);
    }
}
