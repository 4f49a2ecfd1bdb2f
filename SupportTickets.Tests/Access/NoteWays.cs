using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Tests.Export;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Comments;

namespace SupportTickets.Tests.Access;

/// <summary>
/// Every way to a comment. The desk behind them has two tickets: the first with a reply (comment 1) and a note (2) that has a file,
/// the second with three notes (3 to 5).
/// </summary>
internal static class NoteWays
{
    /// <summary>What stands in the text of each note and in the name of its file, and in no other text.</summary>
    public const string Secret = "SecretNote";

    /// <summary>The author of the notes, who did nothing else.</summary>
    public const string Author = "Nadia Noteworthy";

    private const string Root = "http://localhost/odata/";

    /// <summary>Addresses below /odata whose answer shows the text or the author of a note to who may read it.</summary>
    public static readonly string[] Feed =
    [
        "Comments",
        "Comments(2)",
        "Comments/2",
        "Comments(2)?$expand=Ticket",
        "$entity?$id=Comments(2)",
        "Comments(2)/Body",
        "Comments(2)/Body/$value",
        "Comments(2)/Author",
        "Comments(2)/Author/$value",
        "Comments/$filter(IsInternal)",
        "Comments?$filter=contains(Body,'Secret')",
        "Comments?$orderby=Body desc&$top=1&$select=Body",
        "Comments?$compute=concat(Body,'!') as Louder&$select=Louder",
        "Comments?$apply=groupby((Author),aggregate($count as N))",
        "Comments?$apply=groupby((Body))",
        "Comments?$apply=filter(IsInternal)/aggregate(Body with max as Last)",
        "Comments?$apply=topcount(1,Id)",
        "Comments?$apply=concat(identity,aggregate($count as N))",
        "Comments(1)/Ticket/Comments",
        "Comments(1)?$expand=Ticket($expand=Comments)",
        "Tickets(1)/Comments",
        "Tickets(1)/Comments(2)",
        "Tickets(1)/Comments(2)/Body/$value",
        "Tickets?$expand=Comments",
        "Tickets(1)?$expand=Comments($filter=IsInternal;$orderby=Id desc;$top=1;$select=Body)",
        "Tickets?$filter=Id eq 2&$expand=Comments($compute=length(Body) as L)",
        "Tickets?$apply=filter(Id eq 1)&$expand=Comments",
        "Events?$expand=Ticket($expand=Comments)",
        "Events(1)/Ticket/Comments",
        "Requesters(1)/Tickets(1)/Comments",
        "Requesters(1)/Tickets?$expand=Comments",
        "TicketTags(1)/Ticket/Comments",
        "TicketTags?$expand=Ticket($expand=Comments)",
        "Tags(1)/Tickets?$expand=Ticket($expand=Comments)",
        "Events",
        "Events?$apply=groupby((Actor))",
        "Events?$filter=CommentId eq 2",
        "Tickets(1)/Events",
        "Tickets?$expand=Events",
        "Comments(1)/Ticket/Events",
        "Comments(1)?$expand=Ticket($expand=Events)",
        "Attachments",
        "Attachments(1)",
        "Attachments(1)/Name",
        "Attachments?$filter=CommentId eq 2",
        "Attachments?$apply=groupby((Name))",
        "Tickets(1)/Attachments",
        "Tickets?$expand=Attachments",
        "Comments(1)/Ticket/Attachments",
    ];

    /// <summary>
    /// Addresses below /odata whose answer has figures or keys, with what it says to who may read notes and to who may not.
    /// </summary>
    public static readonly (string Address, string With, string Without)[] Figures =
    [
        ("Comments/$count", "5", "1"),
        ("Comments?$count=true&$top=0", "5 []", "1 []"),
        ("Comments/$count?$filter=startswith(Author,'Nadia')", "4", "0"),
        ("Comments?$apply=aggregate($count as N)", """[{"N":5}]""", """[{"N":1}]"""),
        ("Comments?$apply=aggregate(Id with countdistinct as N,Id with max as Last)", """[{"N":5,"Last":5}]""", """[{"N":1,"Last":1}]"""),
        ("Tickets?$apply=aggregate(Comments/$count as N)", """[{"N":5}]""", """[{"N":1}]"""),
        ("Tickets?$apply=groupby((Id),aggregate(Comments/$count as N))&$orderby=Id", """[{"Id":1,"N":2},{"Id":2,"N":3}]""",
            """[{"Id":1,"N":1},{"Id":2,"N":0}]"""),
        ("Tickets?$apply=filter(Comments/any(c: c/IsInternal))/aggregate($count as N)", """[{"N":2}]""", """[{"N":0}]"""),
        ("Tickets(1)/Comments/$count", "2", "1"),
        ("Tickets(1)/Comments/$ref?$count=true&$top=0", "2 []", "1 []"),
        ("Tickets/$count?$filter=Comments/any()", "2", "1"),
        ("Tickets/$count?$filter=Comments/any(c: c/IsInternal)", "2", "0"),
        ("Tickets/$count?$filter=Comments/any(c: contains(c/Body,'Secret'))", "2", "0"),
        ("Tickets/$count?$filter=Comments/all(c: not c/IsInternal)", "0", "2"),
        ("Tickets/$count?$filter=Comments/$count gt 1", "2", "0"),
        ("Tickets/$count?$filter=Comments/$count($filter=IsInternal) gt 0", "2", "0"),
        ("Comments/$count?$filter=Ticket/Comments/any(c: c/IsInternal)", "5", "0"),
        ("Tickets?$orderby=Comments/$count desc&$top=1&$select=Id", """[{"Id":2}]""", """[{"Id":1}]"""),
        ("Tickets?$compute=Comments/$count as N&$select=N&$orderby=Id", """[{"N":2},{"N":3}]""", """[{"N":1},{"N":0}]"""),
        ("Tickets?$select=Id&$expand=Comments/$count&$orderby=Id",
            """[{"Id":1,"Comments@odata.count":2},{"Id":2,"Comments@odata.count":3}]""",
            """[{"Id":1,"Comments@odata.count":1},{"Id":2,"Comments@odata.count":0}]"""),
        ("Tickets?$select=Id&$filter=Id eq 1&$expand=Comments/$ref",
            $$"""[{"Id":1,"Comments":[{"@odata.id":"{{Root}}Comments(1)"},{"@odata.id":"{{Root}}Comments(2)"}]}]""",
            $$"""[{"Id":1,"Comments":[{"@odata.id":"{{Root}}Comments(1)"}]}]"""),
        ("Events/$count", "7", "3"),
        ("Events/$count?$filter=CommentId ne null", "5", "1"),
        ("Events/$count?$filter=IsInternal", "4", "0"),
        ("Tickets(2)/Events/$count", "4", "1"),
        ("Tickets/$count?$filter=Events/any(e: e/IsInternal)", "2", "0"),
        ("Tickets?$apply=aggregate(Events/$count as N)", """[{"N":7}]""", """[{"N":3}]"""),
    ];

    /// <summary>Addresses below /odata that are there for who may read notes and for nobody else.</summary>
    public static readonly string[] Hidden =
    [
        "Comments(2)/$ref", "Comments(2)/CreatedAt", "Comments(2)/IsInternal", "Comments(2)/AuthorId/$value", "Comments(2)/Version",
        "Comments(2)/Ticket", "Comments(2)/Ticket/Events/$count", "Comments(2)/CreatedOn", "Tickets(1)/Comments(2)/$ref",
        "Events(4)/Actor", "Events(4)/CommentId/$value", "Events(4)/Ticket", "Events(4)/$ref", "Tickets(2)/Events(5)/NewValue",
    ];

    /// <summary>Addresses of the other faces whose answer shows a note, or its file, to who may read it.</summary>
    public static readonly string[] Others =
    [
        "/api/tickets/1/comments/", "/api/tickets/2/comments", "/tickets/1", "/tickets/2", "/tickets/1/comments/2.txt",
        "/tickets/comments.csv", "/tickets/comments.csv?search=second&sort=-urgency", "/tickets/export.xlsx",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Whether a text shows a note or who wrote it.</summary>
    public static bool ShowsNote(string text) =>
        text.Contains(Secret, StringComparison.OrdinalIgnoreCase) || text.Contains("Nadia", StringComparison.OrdinalIgnoreCase);

    /// <summary>Asks by GET. What is refused or not there has no body that counts; of a workbook, its texts count.</summary>
    public static async Task<(HttpStatusCode Status, string Text)> AskAsync(HttpClient client, string address)
    {
        using var answer = await client.GetAsync(address, Cancel);
        var isWorkbook = answer.Content.Headers.ContentType?.MediaType?.EndsWith(".spreadsheetml.sheet", StringComparison.Ordinal) is true;
        return (answer.StatusCode, isWorkbook
            ? ExportFile.TextOf(await answer.Content.ReadAsByteArrayAsync(Cancel))
            : await answer.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>The figures of an answer: its text, or its count and rows.</summary>
    public static string FiguresIn(string text)
    {
        if (!text.StartsWith('{'))
            return text;
        var json = JsonNode.Parse(text)!.AsObject();
        var count = json.TryGetPropertyValue("@odata.count", out var counted) ? $"{counted} " : "";
        return count + json["value"]!.ToJsonString();
    }

    /// <summary>Fills a desk as the class says.</summary>
    public static async Task FillAsync(Desk desk)
    {
        await desk.AddTicketAsync("First");
        await desk.AddTicketAsync("Second");
        var nadia = await desk.AddPersonAsync(Role.viewer, Author); // no agent, whom other answers would name
        await AddAsync(desk, 1, "A reply", isInternal: false, new("A colleague", Channel.web), null);
        foreach (var ticket in (int[])[1, 2, 2, 2])
            await AddNoteAsync(desk, ticket, nadia.Id);
        await using var db = desk.Database.Open();
        var requester = new Requester { Name = "R", Email = "r@example.com", NormalizedEmail = "R@EXAMPLE.COM" };
        db.Add(requester);
        db.Add(new Attachment
        {
            TicketId = 1,
            CommentId = 2,
            IsInternal = true,
            Name = $"{Secret}.txt",
            MediaType = "text/plain",
            Hash = [1],
        });
        db.Add(new TicketTag { TicketId = 1, Tag = new Tag { Name = "t", NormalizedName = "T" } });
        await db.SaveChangesAsync(Cancel);
        var first = await db.Tickets.FindAsync([1], Cancel);
        first!.RequesterId = requester.Id;
        await db.SaveChangesAsync(Cancel);
    }

    /// <summary>Adds another note through the core.</summary>
    public static Task AddNoteAsync(Desk desk, int ticket, int author) =>
        AddAsync(desk, ticket, $"{Secret} of {ticket}", isInternal: true, new(Author, Channel.web), author);

    private static async Task AddAsync(Desk desk, int ticket, string body, bool isInternal, Origin origin, int? author)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var input = new CommentInput { Body = Supplied.Of(body), IsInternal = Supplied.Of(isInternal ? "true" : "false") };
        var added = await scope.ServiceProvider.GetRequiredService<AddComment>()
            .HandleAsync(ticket, input, new CommentAuthor(origin, author), key: null, Cancel);
        Assert.True(added.Succeeded(out _, out _));
    }
}
