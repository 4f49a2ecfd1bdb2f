using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Tests.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>Who asks, in the form for a new ticket.</summary>
public sealed class RequesterFormTests
{
    private const string Submit = ".actions .primary";

    private static readonly (string, string)[] Ticket =
        [("description", "d"), ("title", "t"), ("category", "general"), ("priority", "low")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task On_an_open_desk_it_is_optional_and_somebody_known_needs_no_name(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var site = new Site(desk);
        var form = await site.GetAsync("/tickets/new");
        Assert.Contains("Your e-mail address (optional)", form.Texts("label"));
        Assert.Equal("/tickets/1", (await site.PressAsync(form, Submit, Ticket)).Location);
        form = await site.GetAsync("/tickets/new");
        var unknown = await site.PressAsync(form, Submit, [.. Ticket, ("requesterEmail", "Ada@Example.com")]);
        Assert.Equal("Enter the name of the requester: nobody with this address is known yet.", unknown.Text(".problem li"));
        Assert.Equal("true", unknown.Document.GetElementById(unknown.Href(".problem li a")[1..])!.GetAttribute("aria-invalid"));
        Assert.Equal("Ada@Example.com", unknown.Value("requesterEmail"));
        Assert.Equal("/tickets/2", (await site.PressAsync(unknown, Submit, ("requesterName", "Ada"))).Location);
        form = await site.GetAsync("/tickets/new");
        Assert.Equal("/tickets/3", (await site.PressAsync(form, Submit, [.. Ticket, ("requesterEmail", "ada@EXAMPLE.com")])).Location);
        await using var db = desk.Database.Open();
        Assert.Equal(("Ada", "Ada@Example.com"), (await db.Requesters.SingleAsync(Cancel)) is var r ? (r.Name, r.Email) : default);
        Assert.Equal([null, 1, 1], await db.Tickets.OrderBy(t => t.Id).Select(t => t.RequesterId).ToListAsync(Cancel));
    }

    [Theory, Providers]
    public async Task On_a_submit_desk_it_is_needed_and_a_stranger_changes_and_learns_nothing(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: [("ACCESS", "submit"), ("RATE_LIMIT_ANONYMOUS", "0")]);
        await desk.AddRequesterAsync("Ada", "Acme");
        var site = new Site(desk);
        var form = await site.GetAsync("/tickets/new");
        Assert.Contains("Your e-mail address", form.Texts("label"));
        var unsaid = await site.PressAsync(form, Submit, Ticket);
        Assert.Equal(["Enter your e-mail address.", "Enter your name."], unsaid.Texts(".problem li"));
        Assert.Equal(6, (await site.PressAsync(await site.GetAsync("/tickets/new"), Submit)).Texts(".problem li").Count);

        // Whether the address is known or not, the answers are the same.
        var answers = new List<string>();
        foreach (var address in (string[])["ada@example.com", "new@example.com"])
        {
            var nameless = await site.PressAsync(await site.GetAsync("/tickets/new"), Submit, [.. Ticket, ("requesterEmail", address)]);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "Enter your name."), (nameless.Status, nameless.Text(".problem li")));
            answers.Add(nameless.Text("main form").Replace(address, ""));
            var sent = await site.PressAsync(nameless, Submit, ("requesterName", "Mallory"));
            Assert.StartsWith("/tickets/new?sent=", sent.Location);
            answers.Add((await site.GetAsync(sent.Location!)).Text("main").Replace("#1", "#").Replace("#2", "#"));
        }
        Assert.Equal(answers[..2], answers[2..]);
        foreach (var wrong in (string[])
            ["nobody", "a@b\nc@d", "a@example.com\r\nBcc: b@example.com", "Ada <ada@example.com>", "a\u200b@example.com"])
        {
            var page = await site.GetAsync("/tickets/new");
            var fields = Ticket.Append(("requesterEmail", wrong)).Append(("requesterName", "Ada"))
                .Append(("__RequestVerificationToken", page.Value("__RequestVerificationToken")));
            var refused = await site.PostAsync("/tickets/new", [.. fields.Select(f => KeyValuePair.Create(f.Item1, f.Item2))]);
            Assert.Equal("Enter the e-mail address like name@example.com, on one line.", refused.Text(".problem li"));
            Assert.Equal("#requester_email", refused.Href(".problem li a"));
        }
        await using var db = desk.Database.Open();
        Assert.Equal(
            ["Ada ada@example.com Acme", "Mallory new@example.com "],
            await db.Requesters.OrderBy(r => r.Id).Select(r => r.Name + " " + r.Email + " " + (r.Organization ?? "")).ToListAsync(Cancel));
        Assert.Equal(["Ada", "Mallory"], await db.Tickets.OrderBy(t => t.Id).Select(t => t.Requester!.Name).ToListAsync(Cancel));
    }

    [Theory]
    [InlineData("closed", "", true, false)]
    [InlineData("open", "no", false, false)]
    [InlineData("submit", "optional", true, false)]
    [InlineData("open", "required", true, true)]
    public async Task A_setting_says_whether_it_asks_and_those_who_signed_in_may_leave_it(string mode, string ask, bool asks, bool needs)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: [("ACCESS", mode), ("ASK_REQUESTER", ask)]);
        if (mode != "closed")
        {
            var visitor = new Site(desk, desk.NewClient());
            var form = await visitor.GetAsync("/tickets/new");
            Assert.Equal(asks, form.Document.GetElementById("requester_email") is not null);
            Assert.Equal(needs, (await visitor.PressAsync(form, Submit, Ticket)).Status == HttpStatusCode.UnprocessableEntity);
        }
        var site = await desk.SiteAsync(await desk.AddPersonAsync(Role.agent, "Ada"));
        var page = await site.GetAsync("/tickets/new");
        Assert.Equal(asks, page.Texts("label").Contains("Requester's e-mail address (optional)"));
        Assert.Equal(HttpStatusCode.Redirect, (await site.PressAsync(page, Submit, Ticket)).Status);
        // A value for a field that the form does not have counts for nothing.
        var sent = await site.PostAsync("/tickets/new", [
            .. Ticket.Append(("requesterEmail", "x@example.com")).Append(("requesterName", "X"))
                .Append(("__RequestVerificationToken", page.Value("__RequestVerificationToken")))
                .Select(f => KeyValuePair.Create(f.Item1, f.Item2))]);
        Assert.Equal(HttpStatusCode.Redirect, sent.Status);
        await using var db = desk.Database.Open();
        Assert.Equal(asks ? 1 : 0, await db.Requesters.CountAsync(Cancel));
    }
}
