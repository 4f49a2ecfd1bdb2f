using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

public sealed class NewTicketTests
{
    private const string Submit = ".actions .primary";

    private const string Charged = "Hello,\nI was charged twice for my last invoice. Please refund one of the two payments.";

    private static readonly (string, string)[] BuiltIn = [("TRIAGE", "builtin")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_ticket_is_created_and_then_shown(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var site = new Site(desk);
        var sent = await site.PressAsync(await site.GetAsync("/tickets/new"), Submit,
            ("description", "  First line\nsecond line  "), ("title", "<b>A & B</b>"), ("category", "billing"), ("priority", "critical"));
        Assert.Equal(HttpStatusCode.Redirect, sent.Status);
        await using var db = desk.Database.Open();
        var ticket = await db.Tickets.Include(t => t.Events).SingleAsync(Cancel);
        Assert.Equal(("<b>A & B</b>", "First line\nsecond line", Category.billing, Priority.critical, Status.open, Channel.web),
            (ticket.Title, ticket.Description, ticket.Category, ticket.Priority, ticket.Status, ticket.Channel));
        Assert.Equal("anonymous", Assert.Single(ticket.Events).Actor);
        Assert.Equal($"/tickets/{ticket.Id}", sent.Location);
        var page = await site.GetAsync(sent.Location!);
        Assert.Equal("<b>A & B</b>", page.Text("h1"));
        Assert.Empty(page.Document.QuerySelectorAll("main b"));
    }

    [Fact]
    public async Task What_is_wrong_is_said_above_and_at_each_field_and_what_was_typed_is_kept()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        var page = await site.PressAsync(await site.GetAsync("/tickets/new"), Submit);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Equal("Error: New ticket · SupportTickets", page.Document.Title);
        Assert.Equal(
            ["Enter a description.", "Enter a title.", "Choose a category from the list.", "Choose a priority from the list."],
            page.Texts(".problem li"));
        foreach (var link in page.Document.QuerySelectorAll(".problem li a"))
        {
            var field = page.Document.GetElementById(link.GetAttribute("href")![1..])!;
            Assert.Equal("true", field.GetAttribute("aria-invalid"));
            var described = field.GetAttribute("aria-describedby")!.Split(' ').Select(id => page.Document.GetElementById(id)!.TextContent);
            Assert.Contains(described, text => text.EndsWith(link.TextContent, StringComparison.Ordinal));
        }

        var tooLong = string.Concat(Enumerable.Repeat("😀", Ticket.MaxTitleLength + 1));
        page = await site.PressAsync(
            page, Submit, ("title", tooLong), ("description", "\n\nTwo \"quotes\" & <tags>"), ("category", "account"));
        Assert.Equal(["Shorten the title to 200 characters or fewer.", "Choose a priority from the list."], page.Texts(".problem li"));
        Assert.Equal(
            (tooLong, "\n\nTwo \"quotes\" & <tags>", "account", ""),
            (page.Value("title"), page.Value("description"), page.Value("category"), page.Value("priority")));
        Assert.Null(page.Document.GetElementById("category")!.GetAttribute("aria-invalid"));
        await using var db = desk.Database.Open();
        Assert.Equal(0, await db.Tickets.CountAsync(Cancel));
    }

    [Fact]
    public async Task Suggestions_without_a_script_fill_what_is_empty_and_leave_what_was_chosen()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: BuiltIn);
        var site = new Site(desk);
        const string suggestTitle = "[data-suggest-title]", classify = "[data-classify] button", takeTitle = "[data-take-title]";
        var page = await site.PressAsync(await site.GetAsync("/tickets/new"), suggestTitle);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Equal(["Enter a description."], page.Texts(".problem li"));

        page = await site.PressAsync(page, suggestTitle, ("description", Charged), ("priority", "critical"));
        Assert.Equal("I was charged twice for my last invoice", page.Value("title"));
        Assert.True(page.Document.QuerySelector("[data-offer]")!.HasAttribute("hidden"));
        Assert.True(page.Document.QuerySelector("[data-source]")!.HasAttribute("hidden"));
        page = await site.PressAsync(page, classify);
        Assert.Equal(("billing", "critical"), (page.Value("category"), page.Value("priority")));
        Assert.False(page.Document.QuerySelector("[data-mark=category]")!.HasAttribute("hidden"));
        Assert.Equal("suggested", page.Text("[data-mark=category]"));
        Assert.True(page.Document.QuerySelector("[data-mark=priority]")!.HasAttribute("hidden"));
        Assert.Equal("Suggested by the built-in model. Change what does not fit.", page.Text("[data-source]"));

        // An untouched suggestion follows the text; one's own title stays, with the suggestion beside it.
        page = await site.PressAsync(page, suggestTitle, ("description", "The refund has come."));
        Assert.Equal("The refund has come", page.Value("title"));
        page = await site.PressAsync(page, suggestTitle, ("title", "My own"));
        Assert.Equal("My own", page.Value("title"));
        Assert.False(page.Document.QuerySelector("[data-offer]")!.HasAttribute("hidden"));
        Assert.Equal("The refund has come", page.Text("[data-offer-text]"));
        page = await site.PressAsync(page, takeTitle);
        Assert.Equal(
            ("The refund has come", "The refund has come.", "billing", "critical"),
            (page.Value("title"), page.Value("description"), page.Value("category"), page.Value("priority")));
        Assert.Equal(HttpStatusCode.Redirect, (await site.PressAsync(page, Submit)).Status);
    }

    [Fact]
    public async Task Where_nobody_is_sure_the_form_says_nothing()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: BuiltIn);
        var site = new Site(desk);
        const string classify = "[data-classify] button";
        var page = await site.PressAsync(await site.GetAsync("/tickets/new"), classify, ("description", "Xqzzvk wrbltt."));
        Assert.Equal(("", ""), (page.Value("category"), page.Value("priority")));
        Assert.True(page.Document.QuerySelector("[data-mark=category]")!.HasAttribute("hidden"));
        Assert.True(page.Document.QuerySelector("[data-source]")!.HasAttribute("hidden"));
        Assert.Equal("Nothing fits well enough. Choose category and priority yourself.", page.Text("[data-unsure]"));

        // What was suggested for an older text goes.
        page = await site.PressAsync(page, classify, ("description", Charged));
        Assert.Equal("billing", page.Value("category"));
        page = await site.PressAsync(page, classify, ("description", "Xqzzvk wrbltt."));
        Assert.Equal("", page.Value("category"));
    }

    [Fact]
    public async Task Without_triage_the_form_has_no_word_of_suggestions_but_still_makes_a_title()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        var page = await site.GetAsync("/tickets/new");
        Assert.Null(page.Document.QuerySelector("[data-classify]"));
        Assert.DoesNotContain("suggested", page.Text("#description-hint"));
        page = await site.PressAsync(page, "[data-suggest-title]", ("description", "The printer is on fire. Please hurry."));
        Assert.Equal("The printer is on fire", page.Value("title"));
        Assert.All(page.Document.QuerySelectorAll(".mark"), mark => Assert.True(mark.HasAttribute("hidden")));
    }

    [Fact]
    public async Task The_script_gets_suggestions_as_json()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: BuiltIn);
        var page = await new Site(desk).GetAsync("/tickets/new");
        var token = KeyValuePair.Create("__RequestVerificationToken", page.Value("__RequestVerificationToken"));
        Assert.Equal("I was charged twice for my last invoice", (await AskAsync("Title", Charged)).GetProperty("title").GetString());
        var classification = await AskAsync("Classify", Charged);
        Assert.Equal(
            ("billing", "the built-in model"),
            (classification.GetProperty("category").GetString(), classification.GetProperty("source").GetString()));
        Assert.True(classification.GetProperty("id").TryGetGuid(out _));
        Assert.Equal("Enter a description.", (await AskAsync("Classify", " ")).GetProperty("error").GetString());

        async Task<JsonElement> AskAsync(string handler, string description)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/tickets/new?handler={handler}")
            {
                Content = new FormUrlEncodedContent([token, KeyValuePair.Create("description", description)]),
            };
            request.Headers.Accept.ParseAdd("application/json");
            using var response = await desk.Client.SendAsync(request, Cancel);
            return await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        }
    }

    [Fact]
    public async Task A_form_is_taken_from_our_own_pages_and_from_trusted_origins_only()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: ("CSRF_TRUSTED_ORIGINS", "https://intranet.example.com"));
        var site = new Site(desk);
        KeyValuePair<string, string>[] fields =
        [
            new("title", "t"), new("description", "d"), new("category", "general"), new("priority", "low"),
        ];
        var refused = await site.PostAsync("/tickets/new", fields);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal("That did not work", refused.Text("h1"));
        Assert.Equal(HttpStatusCode.BadRequest, (await site.PostAsync("/tickets/new", fields, "https://evil.example.com")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await site.PostAsync("/tickets/1/edit", fields, "null")).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await site.PostAsync("/tickets/new", fields, "https://intranet.example.com")).Status);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_in_words_and_one_just_below_is_stored()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("MAX_REQUEST_BYTES", "6000000"));
        var site = new Site(desk);
        var form = await site.GetAsync("/tickets/new");
        var large = await site.PressAsync(
            form, Submit, ("title", "t"), ("description", new string('x', 6_000_000)), ("category", "general"), ("priority", "low"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.Status);
        Assert.Equal(
            "What you sent is too large. Nothing was saved: shorten the text, or attach it as a file. A form has at most 6.0 MB of text.",
            large.Text("[data-message]"));
        Assert.Contains("the Back button of your browser leads to it", large.Text(".fault"));
        var stored = await site.PressAsync(form, Submit, ("description", new string('x', 5_900_000)));
        Assert.Equal(HttpStatusCode.OK, stored.Status); // This client follows the redirect.
        Assert.Equal(5_900_000, (await desk.Client.GetStringAsync("/tickets/1/description.txt", Cancel)).Length);
    }
}
