using Microsoft.Playwright;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Pages;

/// <summary>Requesters and tags in a real browser.</summary>
public sealed class RequesterJourneyTests(Browser browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_admin_exports_and_deletes_all_data_of_a_requester(bool javaScript)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("ACCESS", "closed"));
        var (ada, bob) = (await desk.AddRequesterAsync("Ada"), await desk.AddRequesterAsync("Bob"));
        var ticket = await desk.AddTicketAsync(ada, "Of Ada");
        await desk.AddTicketAsync(bob, "Of Bob");
        await desk.AddCommentAsync(ticket.Id, "A reply");
        await using var reader = await browser.OpenAsync(desk.Address, javaScript);
        var page = reader.Page;
        await page.SignInAsync(await desk.AddPersonAsync(Role.admin, "Root"), "/tickets");
        await page.ClickAsync("text=Requesters");
        await page.FillAsync("main [name=search]", "ada@");
        await page.ClickAsync("main form button");
        await page.ClickAsync("[data-requesters] a");
        var file = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("[data-export] button"));
        Assert.Equal("requester-1.json", file.SuggestedFilename);
        Assert.Contains("Of Ada", await File.ReadAllTextAsync((await file.PathAsync())!, Cancel));
        // The page stays, so it can be wanted again; two presses at once are an accident here too.
        var files = new List<IDownload>();
        page.Download += (_, download) => files.Add(download);
        await page.EvaluateAsync("() => { document.querySelector('[data-export]').dataset.sent -= 1_001; }"); // as a second later
        await page.RunAndWaitForDownloadAsync(() => page.Locator("[data-export] button").DblClickAsync(), new() { Timeout = 5_000 });
        if (javaScript) Assert.Single(files);
        await page.ClickAsync("[data-delete]");
        Assert.Equal("Delete all data of Ada?", await page.InnerTextAsync("h1"));
        Assert.Equal("1 ticket, 1 comment and no files", await page.InnerTextAsync("[data-known]"));
        await page.ClickAsync("button.danger");
        await page.ArrivesAsync("/requesters");
        Assert.Equal("Requester #1 was deleted with 1 ticket, 1 comment and no files.", await page.InnerTextAsync(".outcome"));
        if (javaScript) Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.matches('.outcome')"));
        Assert.Equal(["Bob"], await page.Locator("[data-requesters] a").AllInnerTextsAsync());
        Assert.Equal(["Of Bob"], (await desk.TicketsAsync()).Select(t => t.Title));
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task An_agent_enters_a_ticket_for_somebody_known_who_is_offered_while_typing_and_the_draft_keeps_it()
    {
        await using var desk = await Desk.StartAsync(
            Provider.Sqlite, kestrel: true, settings: [("ACCESS", "closed"), ("TRIAGE", "builtin")]);
        await desk.AddRequesterAsync("Ada", "Acme");
        await desk.TagAsync((await desk.AddTicketAsync()).Id, "refund");
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.SignInAsync(await desk.AddPersonAsync(Role.agent, "Grace"), "/tickets/new");
        await page.FillAsync("#description", "I was charged twice for my last invoice. Please refund one of the two payments.");
        await page.FillAsync("#title", "Fire");
        await page.Locator("[data-mark=category]").WaitForAsync();
        await page.FillAsync("#requester_email", "acm");
        var offered = page.Locator("#known-requesters option");
        await offered.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        Assert.Equal("ada@example.com", await offered.GetAttributeAsync("value"));
        Assert.Equal("Ada, Acme", await offered.GetAttributeAsync("label"));
        await page.FillAsync("#requester_email", "ada@example.com");
        await page.ReloadAsync();
        await page.Locator("[data-restored]").WaitForAsync();
        Assert.Equal("ada@example.com", await page.InputValueAsync("#requester_email"));
        await page.ClickAsync(".actions .primary");
        await page.ArrivesAsync("/tickets/2");
        Assert.Equal(1, (await desk.TicketsAsync())[1].RequesterId);

        // Several tags at once: what stands before the last comma stays.
        await page.GotoAsync("/tickets");
        await page.CheckAsync("[name=ticket] >> nth=0");
        await page.FillAsync("#set-addTag", "new,ref");
        var tag = page.Locator("#known-tags option");
        await tag.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.FillAsync("#set-addTag", (await tag.GetAttributeAsync("value"))!);
        await page.ClickAsync(".selection button:text-is('Change')");
        await page.Locator(".outcome").WaitForAsync();
        Assert.Equal(["new", "refund"], await desk.TagsAsync(2));
        await page.ClickAsync(".choices summary");
        await page.FillAsync(".filters [name=tag]", "new");
        await page.Keyboard.PressAsync("Tab");
        await page.WaitForFunctionAsync("() => location.search === '?tag=new'");
        Assert.Equal(1, await page.Locator("[name=ticket]").CountAsync());
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task The_pages_are_accessible_and_fit_in_both_themes_on_wide_screens_and_phones()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("ACCESS", "closed"));
        var ada = await desk.AddRequesterAsync($"Maximiliane von {new string('h', 60)}", "Österreichische Gesellschaft für Ähnliches");
        await desk.AddRequesterAsync("علی");
        foreach (var title in (string[])["Export to CSV cuts off after 1,000 rows", new string('w', 120)])
            await desk.AddTicketAsync(ada, title);
        await desk.TagAsync(1, "refund", new string('t', 50));
        await using var reader = await browser.OpenAsync(desk.Address, phone: true);
        var (page, problems) = (reader.Page, new List<string>());
        await page.SignInAsync(await desk.AddPersonAsync(Role.admin, "Root"), "/requesters");
        await LookAsync("requesters", "/requesters");
        await LookAsync("requester", "/requesters/1");
        await page.FillAsync("#email", "no address");
        await page.ClickAsync("[data-requester-form] button");
        await page.Locator(".problem").WaitForAsync();
        problems.AddRange(await reader.LookAsync("_requester-errors"));
        await LookAsync("requester-delete", "/requesters/1/delete");
        await LookAsync("requester-merge", $"/requesters/1/merge?requesterEmail={People.AddressOf("علی")}");
        await LookAsync("tags", "/settings/tags");
        foreach (var summary in await page.Locator("summary").AllAsync()) await summary.ClickAsync();
        problems.AddRange(await reader.LookAsync("_tags-open"));
        await LookAsync("_tickets-tagged", $"/tickets?tag=refund&requester=1&tag={new string('t', 50)}");
        await LookAsync("_new-ticket-for", "/tickets/new");
        problems.AddRange(reader.Complaints);
        Assert.True(problems.Count == 0, string.Join("\n\n", problems));

        async Task LookAsync(string name, string path)
        {
            await page.GotoAsync(path);
            problems.AddRange(await reader.LookAsync(name));
        }
    }
}
