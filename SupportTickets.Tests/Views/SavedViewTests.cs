using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Configuration;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;
using SupportTickets.Views;

namespace SupportTickets.Tests.Views;

public sealed class SavedViewTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_view_is_saved_found_above_the_list_renamed_shared_and_deleted(Provider provider)
    {
        await using var feed = await FeedDesk.StartAsync(provider);
        var desk = feed.Desk;
        using var ada = await desk.SignedInAsync(Role.agent, "Ada");
        using var bob = await desk.SignedInAsync(Role.viewer, "Bob");
        Assert.Empty(await LinksAsync(ada, "/tickets"));
        Assert.Null((await PageAsync(ada, "/tickets")).QuerySelector(".save-view"));

        // What was typed is stored as the list spells it.
        Assert.NotNull((await PageAsync(ada, "/tickets?status=open&status=&search=+a%26b+&category=billing&sort=-created")).QuerySelector(
            ".save-view"));
        const string address = "/tickets?search=a%26b&category=billing";
        Assert.Equal(
            (302, address),
            await PostAsync(
                ada, "Save", ("view", "  My \u00a0 view "),
                ("address", "/tickets?status=open&status=&search=+a%26b+&category=billing&sort=-created")));
        Assert.Equal([("My view", address, true)], await LinksAsync(ada, address));
        Assert.Null((await PageAsync(ada, address)).QuerySelector(".save-view"));
        Assert.Empty(await LinksAsync(bob, "/tickets"));
        Assert.Empty(await LinksAsync(desk.Client, "/tickets"));

        Assert.Equal((302, "/settings/views"), await PostAsync(ada, "Share", ("id", "1"), ("version", "1"), ("shared", "true")));
        Assert.Equal([("My view, shared", address, false)], await LinksAsync(bob, "/tickets"));
        Assert.Equal([("My view, shared", address, false)], await LinksAsync(desk.Client, "/tickets"));
        Assert.Contains("by Ada", (await PageAsync(bob, "/settings/views")).QuerySelector("[aria-labelledby=others]")!.TextContent);

        Assert.Equal((302, "/settings/views"), await PostAsync(ada, "Rename", ("id", "1"), ("version", "2"), ("view", "Bills")));
        Assert.Equal((302, "/settings/views"), await PostAsync(ada, "Share", ("id", "1"), ("version", "3"), ("shared", "false")));
        Assert.Empty(await LinksAsync(bob, "/tickets"));
        feed.Forget();
        Assert.Equal([("Bills", address, true)], await LinksAsync(ada, address));
        Assert.Single(feed.Sql, sql => sql.Contains("saved_views"));
        Assert.Equal((302, "/settings/views"), await PostAsync(ada, "Delete", ("id", "1"), ("version", "4")));
        Assert.Empty(await LinksAsync(ada, "/tickets"));

        await using var db = desk.Database.Open();
        Assert.Equal(
            [
                "view_saved My view", "view_changed My view (shared)", "view_changed Bills (shared)", "view_changed Bills",
                "view_deleted Bills",
            ],
            (await db.AccessLog.OrderBy(entry => entry.Id).ToListAsync(Cancel))
                .Where(entry => entry.Act.ToString().StartsWith("view", StringComparison.Ordinal))
                .Select(entry => $"{entry.Act} {entry.About}"));
    }

    [Theory, Providers]
    public async Task Who_may_not_or_comes_too_late_changes_nothing(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        using var ada = await desk.SignedInAsync(Role.agent, "Ada");
        using var bob = await desk.SignedInAsync(Role.viewer, "Bob");
        using var admin = await desk.SignedInAsync(Role.admin, "Root");
        using var eve = await desk.SignedInAsync(Role.agent, "Eve");
        await PostAsync(ada, "Save", ("view", "Urgent"), ("address", "/tickets?priority=critical"), ("shared", "true"));
        await PostAsync(bob, "Save", ("view", "Urgent"), ("address", "/tickets?priority=high"));

        // A viewer keeps views and shares none; nobody touches another's; without a session there is nothing to keep them in.
        Assert.Equal(403, (await PostAsync(bob, "Save", ("view", "B"), ("address", "/tickets"), ("shared", "true"))).Status);
        Assert.Equal(403, (await PostAsync(bob, "Share", ("id", "2"), ("version", "1"), ("shared", "true"))).Status);
        Assert.Equal(404, (await PostAsync(bob, "Rename", ("id", "1"), ("version", "1"), ("view", "Mine"))).Status);
        Assert.Equal(404, (await PostAsync(eve, "Share", ("id", "1"), ("version", "1"), ("shared", "false"))).Status);
        Assert.Equal(404, (await PostAsync(eve, "Delete", ("id", "1"), ("version", "1"))).Status);
        Assert.Equal(404, (await PostAsync(admin, "Delete", ("id", "1"), ("version", "1"))).Status);
        Assert.Equal(404, (await PostAsync(admin, "Share", ("id", "2"), ("version", "1"), ("shared", "true"))).Status);
        using (var anonymous = await desk.Client.PostFormAsync(
            "/tickets/new", "/settings/views?handler=Save", ("view", "A"), ("address", "/tickets")))
            Assert.StartsWith("/sign-in", anonymous.Headers.Location!.ToString());

        // Somebody who saw an older version is told so.
        await PostAsync(ada, "Rename", ("id", "1"), ("version", "1"), ("view", "Very urgent"));
        Assert.Equal(409, (await PostAsync(ada, "Rename", ("id", "1"), ("version", "1"), ("view", "Urgent"))).Status);
        Assert.Equal(409, (await PostAsync(ada, "Delete", ("id", "1"), ("version", "1"))).Status);
        // An administrator takes a shared one back from all; it stays its owner's.
        Assert.Equal(302, (await PostAsync(admin, "Share", ("id", "1"), ("version", "2"), ("shared", "false"))).Status);

        await using var db = desk.Database.Open();
        Assert.Equal(
            [("Very urgent", false, 3), ("Urgent", false, 1)],
            (await db.SavedViews.OrderBy(v => v.Id).ToListAsync(Cancel)).Select(v => (v.Name, v.IsShared, v.Version)));
    }

    [Theory, Providers]
    public async Task Who_lost_the_right_to_share_changes_nothing_that_others_see(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var person = await desk.AddPersonAsync(Role.agent, "Ada");
        using var ada = await desk.SignedInAsync(person);
        using var admin = await desk.SignedInAsync(Role.admin, "Root");
        using var program = desk.ClientWith((await desk.AddTokenAsync(person)).Text);
        await PostAsync(ada, "Save", ("view", "Everybody's"), ("address", "/tickets?priority=critical"), ("shared", "true"));
        await PostAsync(ada, "Save", ("view", "Her own"), ("address", "/tickets?priority=high"));
        var ticket = await desk.AddTicketAsync();
        await using (var db = desk.Database.Open())
            await db.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Role, Role.viewer), Cancel);

        Assert.Equal(403, (await PostAsync(ada, "Rename", ("id", "1"), ("version", "1"), ("view", "Fools"))).Status);
        Assert.Equal(403, (await PostAsync(ada, "Share", ("id", "1"), ("version", "1"), ("shared", "false"))).Status);
        Assert.Equal(403, (await PostAsync(ada, "Delete", ("id", "1"), ("version", "1"))).Status);
        var page = await PageAsync(ada, "/settings/views");
        Assert.Equal("Rename Her own", Assert.Single(page.QuerySelectorAll("summary[aria-label^=Rename]")).GetAttribute("aria-label"));
        // What she keeps for herself needs no right, and so does the other one when it is shared no more.
        Assert.Equal(302, (await PostAsync(ada, "Rename", ("id", "2"), ("version", "1"), ("view", "Mine"))).Status);
        Assert.Equal(302, (await PostAsync(admin, "Share", ("id", "1"), ("version", "1"), ("shared", "false"))).Status);
        Assert.Equal(302, (await PostAsync(ada, "Delete", ("id", "1"), ("version", "2"))).Status);
        // A token of hers that may write does so no more.
        var (rest, odata) = ($"/api/tickets/{ticket.Id}/", $"/odata/Tickets({ticket.Id})");
        foreach (var (method, path) in ((string, string)[])
            [("POST", "/api/tickets/"), ("PATCH", rest), ("PATCH", odata), ("DELETE", odata)])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Content = new StringContent("{}", null, "application/json");
            Assert.Equal((path, 403), (path, (int)(await program.SendAsync(request, Cancel)).StatusCode));
        }
        Assert.Equal(200, (int)(await program.GetAsync($"/api/tickets/{ticket.Id}/", Cancel)).StatusCode);
    }

    [Theory, Providers]
    public async Task What_is_wrong_is_said_with_what_was_typed(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var person = await desk.AddPersonAsync(Role.agent, "Ada");
        using var ada = await desk.SignedInAsync(person);
        await PostAsync(ada, "Save", ("view", "Urgent"), ("address", "/tickets?priority=critical"));
        await PostAsync(ada, "Save", ("view", "Other"), ("address", "/tickets?priority=low"));
        foreach (var (name, address, text) in ((string, string, string)[])
        [
            ("", "/tickets", "Enter a name for the view."),
            (new string('x', 61), "/tickets", "Shorten the name of the view to 60 characters"),
            ("Urgent", "/tickets", "You have a view with this name already"),
            ("Bad", "/tickets?status=nope", "This list cannot be saved"),
            ("Bad", "/tickets?search=a%00", "This list cannot be saved"),
            ("Long", $"/tickets?search={new string('x', 4000)}", "too long an address"),
        ])
        {
            var (status, page) = await SendAsync(ada, "Save", ("view", name), ("address", address));
            Assert.Equal((address, 400), (address, status));
            Assert.Contains(text, page.QuerySelector(".problem li")!.TextContent);
            Assert.Equal(name, ((IHtmlInputElement)page.QuerySelector("#view")!).Value);
        }
        var (_, renamed) = await SendAsync(ada, "Rename", ("id", "2"), ("version", "1"), ("view", "Urgent"));
        Assert.Contains("You have a view with this name already", renamed.QuerySelector(".problem li")!.TextContent);
        Assert.Equal("Urgent", ((IHtmlInputElement)renamed.QuerySelector("details[open] #view")!).Value);
        // An address elsewhere is read as one of the list.
        Assert.Equal(
            (302, "/tickets?status=open"),
            await PostAsync(ada, "Save", ("view", "Elsewhere"), ("address", "https://evil.example/?status=open")));

        await using (var db = desk.Database.Open())
        {
            db.SavedViews.AddRange(
                Enumerable
                    .Range(0, SavedViews.Max - 3)
                    .Select(i => new SavedView
                    {
                        OwnerId = person.Id,
                        Name = $"View {i}",
                        Address = "javascript:alert(1)",
                        IsShared = true,
                    }));
            await db.SaveChangesAsync(Cancel);
        }
        Assert.Contains(
            "You have 50 views",
            (await SendAsync(ada, "Save", ("view", "One more"), ("address", "/tickets"))).Page.QuerySelector(".problem li")!.TextContent);
        Assert.All(await LinksAsync(ada, "/tickets"), link => Assert.StartsWith("/tickets", link.Address));
        await using (var db = desk.Database.Open())
        {
            var eve = await desk.AddPersonAsync(Role.agent, "Eve");
            db.SavedViews.AddRange(
                Enumerable
                    .Range(0, 3)
                    .Select(i => new SavedView
                    {
                        OwnerId = eve.Id,
                        Name = $"View {i}",
                        Address = "/tickets",
                        IsShared = true,
                    }));
            await db.SaveChangesAsync(Cancel);
        }
        using var fay = await desk.SignedInAsync(Role.agent, "Fay");
        Assert.Contains(
            "There are 50 shared views already",
            (await SendAsync(fay, "Save", ("view", "Mine"), ("address", "/tickets"), ("shared", "true")))
                .Page.QuerySelector(".problem li")!
                .TextContent);
    }

    [Theory, Providers]
    public async Task Two_who_change_a_view_at_once_do_not_overwrite_each_other(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var person = await desk.AddPersonAsync(Role.agent, "Ada");
        var ada = Caller.Anonymous(AccessMode.closed, null).As(person);
        await using var scope = desk.Services.CreateAsyncScope();
        var views = scope.ServiceProvider.GetRequiredService<SavedViews>();
        var view = (await views.SaveAsync(ada, new("Urgent", "/tickets?status=open", false), Cancel)).Value;
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            await using var own = desk.Services.CreateAsyncScope();
            return await own.ServiceProvider.GetRequiredService<SavedViews>().ChangeAsync(ada, view.Id, 1, $"Name {i}", null, Cancel);
        })));
        Assert.Single(results, result => result.Problem is null);
        Assert.Equal(3, results.Count(result => result.Problem is StaleView));
    }

    private static async Task<IHtmlDocument> PageAsync(HttpClient client, string url) =>
        new HtmlParser().ParseDocument(await client.GetStringAsync(url, Cancel));

    private static async Task<List<(string Name, string Address, bool Current)>> LinksAsync(HttpClient client, string url) =>
        [
            .. (await PageAsync(client, url))
                .QuerySelectorAll("#views .saved a")
                .Select(a => (a.TextContent.Trim(), a.GetAttribute("href")!, a.GetAttribute("aria-current") == "page")),
        ];

    private static async Task<(int Status, string? Location)> PostAsync(HttpClient client, string handler, params (string, string)[] fields)
    {
        using var answer = await client.PostFormAsync("/settings/views", $"/settings/views?handler={handler}", fields);
        return ((int)answer.StatusCode, answer.Headers.Location?.ToString());
    }

    private static async Task<(int Status, IHtmlDocument Page)> SendAsync(
        HttpClient client, string handler, params (string, string)[] fields)
    {
        using var answer = await client.PostFormAsync("/settings/views", $"/settings/views?handler={handler}", fields);
        return ((int)answer.StatusCode, new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(Cancel)));
    }
}
