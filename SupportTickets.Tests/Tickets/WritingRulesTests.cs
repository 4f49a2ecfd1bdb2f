using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Tickets;

/// <summary>Every rule on writing, once, over all faces, for creating and for changing, on both databases.</summary>
public sealed class WritingRulesTests
{
    private const string Long = "This is a text that no title has";

    private static readonly Dictionary<string, object?> Valid = new()
    {
        ["title"] = "A title",
        ["description"] = "A description",
        ["category"] = "billing",
        ["priority"] = "high",
    };

    /// <summary>A rule: a field, a value that breaks it, the words of REST and OData for it, the words of the pages.</summary>
    private static readonly (string Name, string Field, object? Bad, string Words, string PageWords)[] Rules =
    [
        ("blank title", "title", "", "This field may not be blank.", "Enter a title."),
        ("white title", "title", " \t\u00a0", "This field may not be blank.", "Enter a title."),
        ("null title", "title", null, "This field may not be null.", "Enter a title."),
        ("boolean title", "title", true, "Not a valid string.", ""),
        (
            "201 characters", "title", new string('t', 201), "Ensure this field has no more than 200 characters.",
            "Shorten the title to 200 characters or fewer."),
        ("NUL in title", "title", "a\0b", "Null characters are not allowed.",
            "Remove the null character from the title: it cannot be stored."),
        ("blank description", "description", "", "This field may not be blank.", "Enter a description."),
        ("null description", "description", null, "This field may not be null.", "Enter a description."),
        ("list as description", "description", new[] { Long }, "Not a valid string.", ""),
        ("NUL in description", "description", "a\0b", "Null characters are not allowed.",
            "Remove the null character from the description: it cannot be stored."),
        ("unknown category", "category", "nope", "\"nope\" is not a valid choice.", "Choose a category from the list."),
        ("category in capitals", "category", "BILLING", "\"BILLING\" is not a valid choice.", "Choose a category from the list."),
        ("category by number", "category", "1", "\"1\" is not a valid choice.", "Choose a category from the list."),
        (
            "two categories", "category", "billing,technical", "\"billing,technical\" is not a valid choice.",
            "Choose a category from the list."),
        ("null category", "category", null, "This field may not be null.", "Choose a category from the list."),
        ("padded priority", "priority", " high ", "\" high \" is not a valid choice.", "Choose a priority from the list."),
        ("hostile priority", "priority", "<script>", "\"<script>\" is not a valid choice.", "Choose a priority from the list."),
    ];

    public static IEnumerable<TheoryDataRow<Provider, Face>> Creating => Everywhere.Where(row => row.Data.Item2 != Face.ODataPut);

    public static IEnumerable<TheoryDataRow<Provider, Face>> Everywhere =>
        from provider in Enum.GetValues<Provider>()
        from face in Enum.GetValues<Face>()
        select new TheoryDataRow<Provider, Face>(provider, face);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Creating))]
    public async Task A_ticket_that_breaks_a_rule_is_refused_with_the_words_for_it_and_nothing_is_written(Provider provider, Face face)
    {
        await using var desk = await Desk.StartAsync(provider);
        foreach (var rule in RulesOf(face))
        {
            var taken = await desk.CreateAsync(face, new Dictionary<string, object?>(Valid) { [rule.Field] = rule.Bad });
            AssertRefused(face, rule, taken);
        }
        await using var db = desk.Database.Open();
        Assert.Equal((0, 0), (await db.Tickets.CountAsync(Cancel), await db.TicketEvents.CountAsync(Cancel)));
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_change_that_breaks_a_rule_is_refused_whole_with_the_words_for_it(Provider provider, Face face)
    {
        await using var desk = await Desk.StartAsync(provider);
        var ticket = await desk.AddTicketAsync();
        foreach (var rule in RulesOf(face))
        {
            // What is right beside it is not written either.
            var taken = await desk.ChangeAsync(
                face, ticket.Id, new Dictionary<string, object?> { ["status"] = "resolved", [rule.Field] = rule.Bad });
            AssertRefused(face, rule, taken);
        }
        await using var db = desk.Database.Open();
        var stored = await db.Tickets.SingleAsync(Cancel);
        Assert.Equal((Status.open, 1), (stored.Status, stored.Version));
        Assert.Equal(1, await db.TicketEvents.CountAsync(Cancel));
    }

    [Theory, MemberData(nameof(Creating))]
    public async Task All_broken_rules_are_told_at_once(Provider provider, Face face)
    {
        await using var desk = await Desk.StartAsync(provider);
        var taken = await desk.CreateAsync(
            face,
            new Dictionary<string, object?>
            {
                ["title"] = "",
                ["description"] = " ",
                ["category"] = "x",
                ["priority"] = "y",
            });
        Assert.Equal(RefusedBy(face), taken.Status);
        Assert.Equal(["category", "description", "priority", "title"], taken.Errors.Keys.Order());
    }

    [Theory, MemberData(nameof(Creating))]
    public async Task What_is_right_is_stored_trimmed_and_in_code_points(Provider provider, Face face)
    {
        var title = string.Concat(Enumerable.Repeat("🔥", Ticket.MaxTitleLength)); // 400 UTF-16 units, 200 characters
        await using var desk = await Desk.StartAsync(provider);
        var created = await desk.CreateAsync(
            face,
            new Dictionary<string, object?>(Valid)
            {
                ["title"] = $"  {title}\t",
                ["description"] = "\n line one\nline <b>two</b> 中文 \n",
            });
        Assert.True((int)created.Status is 200 or 201, created.Status.ToString());
        await using var db = desk.Database.Open();
        var ticket = await db.Tickets.Include(t => t.Events).SingleAsync(Cancel);
        Assert.Equal((title, "line one\nline <b>two</b> 中文"), (ticket.Title, ticket.Description.ReplaceLineEndings("\n")));
        Assert.Equal((Category.billing, Priority.high, Status.open), (ticket.Category, ticket.Priority, ticket.Status));
        var channel = face switch { Face.Rest => Channel.rest, Face.OData or Face.ODataPut => Channel.odata, Face.Pages => Channel.web };
        Assert.Equal(channel, ticket.Channel);
        Assert.Equal(
            (TicketField.status, "open", channel),
            (ticket.Events.Single().Field, ticket.Events.Single().NewValue, ticket.Events.Single().Channel));
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_change_leaves_its_events_with_face_and_actor(Provider provider, Face face)
    {
        await using var desk = await Desk.StartAsync(provider);
        var ticket = await desk.AddTicketAsync(priority: Priority.low);
        Assert.Equal(
            HttpStatusCode.OK,
            (await desk.ChangeAsync(
                face, ticket.Id, new Dictionary<string, object?> { ["priority"] = "critical", ["status"] = "resolved" })).Status);
        await using var db = desk.Database.Open();
        var events = await db.TicketEvents.OrderBy(e => e.Id).Skip(1).ToListAsync(Cancel);
        Assert.Equal(
            [(TicketField.priority, "low", "critical"), (TicketField.status, "open", "resolved")],
            events.Select(e => (e.Field, e.OldValue, e.NewValue)));
        Assert.All(
            events,
            e =>
                Assert.Equal(
                    (
                        "anonymous",
                        face switch
                        {
                            Face.Rest => Channel.rest,
                            Face.OData or Face.ODataPut => Channel.odata,
                            Face.Pages => Channel.web,
                        }),
                    (e.Actor, e.Channel)));
        Assert.NotNull((await db.Tickets.SingleAsync(Cancel)).ResolvedAt);
    }

    private static HttpStatusCode RefusedBy(Face face) =>
        face == Face.Pages ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.BadRequest;

    // A form has neither null nor anything but text.
    private static IEnumerable<(string Name, string Field, object? Bad, string Words, string PageWords)> RulesOf(Face face) =>
        face == Face.Pages ? Rules.Where(rule => rule.Bad is string) : Rules;

    private static void AssertRefused(Face face, (string Name, string Field, object? Bad, string Words, string PageWords) rule, Taken taken)
    {
        Assert.True(taken.Status == RefusedBy(face), $"{rule.Name}: {taken.Status}");
        Assert.True(taken.Errors.Count == 1, $"{rule.Name}: {string.Join(" | ", taken.Errors)}");
        var (field, words) = taken.Errors.Single();
        Assert.Equal((rule.Name, rule.Field, face == Face.Pages ? rule.PageWords : rule.Words), (rule.Name, field, words));
    }
}
