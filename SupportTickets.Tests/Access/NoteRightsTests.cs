using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Access.Gate;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Access;

/// <summary>
/// An internal note, its author and that there is one reach nobody without the right to read notes, on any way. A new way fails
/// these tests until it stands in <see cref="NoteWays"/> and in the lists here.
/// </summary>
public sealed class NoteRightsTests
{
    private static readonly XNamespace Edm = "http://docs.oasis-open.org/odata/ns/edm";

    /// <summary>What leads to rows of which some are for readers of notes only: entity sets, navigation properties, operations.</summary>
    private static readonly string[] WaysInTheModel =
    [
        "Comments", "Events", "Attachments", "Ticket/Comments", "Ticket/Events", "Ticket/Attachments", "Comment/Attachments",
        "Attachment/Comment", "AddNote()", "Reply()",
    ];

    /// <summary>
    /// The routes that lead to comments; <see cref="NoteWays"/> tries them, and LiveTicketTests the stream, which has no end.
    /// </summary>
    private static readonly string[] Leading =
    [
        "odata/{**path}", "api/tickets/{id}/comments", "tickets/{id:int}", "tickets/{id:int}/comments/{comment:int}.txt",
        "attachments/{id:int}", "tickets/comments.csv", "tickets/export.xlsx",
        "tickets/{id:int}/changes",
    ];

    /// <summary>The routes that give all that is known of a requester, notes included: to administrators who signed in.</summary>
    private static readonly string[] Administrators = ["requesters/{id:int}"];

    /// <summary>The routes that read no comment.</summary>
    private static readonly string[] Elsewhere =
    [
        "", "Connect", "Connect/Index", "Index", "Tickets", "Tickets/Index", "Tickets/New", "tickets/{id:int}/edit",
        "tickets/{id:int}/description.txt", "tickets/export.csv", "dashboard/changes",
        "tickets/matching", "tickets/newer",
        "connect/backlog.odc", "connect/resolution-times.odc", "connect/tickets-per-day.odc", "connect/tickets.odc",
        "connect/tickets.pbids",
        "api", "api/tickets", "api/tickets/classify", "api/tickets/stats", "api/tickets/suggest-title", "api/tickets/{id}",
        "api/{**path}",
        "Requesters", "Requesters/Index", "requesters/suggest", "requesters/{id:int}/delete", "requesters/{id:int}/merge", "tags/suggest",
        "tickets/{id:int}/files", "tickets/new/files", "tickets/{id:int}/files/kept", "tickets/new/files/kept",
        "settings/tags", "settings/account", "settings/tokens", "settings/views",
        "settings/audit", "settings/users", "settings/users/{id:int}",
    ];

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Notes_are_for_the_desk_and_for_no_token_without_notes_on_every_way(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        await NoteWays.FillAsync(desk);
        (string Who, HttpClient Client, bool May)[] callers =
        [
            ("viewer", await desk.SignedInAsync(Role.viewer), true),
            ("agent", await desk.SignedInAsync(Role.agent), true),
            ("admin", await desk.SignedInAsync(Role.admin), true),
            ("read token", desk.ClientWith(await desk.AddTokenAsync(Role.admin, TokenScope.read)), true),
            ("write token", desk.ClientWith(await desk.AddTokenAsync(Role.agent)), true),
            ("token without notes", desk.ClientWith(await desk.AddTokenAsync(Role.admin, TokenScope.read_without_notes)), false),
        ];
        foreach (var (who, client, may) in callers)
        {
            using (client)
            {
                client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin"); // as the desk's own pages send a batch
                await AssertAsync(who, client, may, each: !may);
                if (!may) await AssertNoRouteShowsAsync(desk, client);
            }
        }
        await AssertRefusedAsync("nobody", desk.Client);
    }

    [Theory, Providers]
    public async Task On_an_open_desk_everybody_reads_notes_and_on_a_submit_desk_nobody_without_a_credential(Provider provider)
    {
        await using var open = await FeedDesk.StartAsync(provider);
        await NoteWays.FillAsync(open.Desk);
        await AssertAsync("open", open.Client, may: true, each: false);
        await using var submit = Desk.Start(open.Database, settings: ("ACCESS", "submit"));
        await AssertRefusedAsync("submit", submit.Client);
        using var without = open.Desk.ClientWith(await open.Desk.AddTokenAsync(Role.admin, TokenScope.read_without_notes));
        await AssertAsync("token without notes on an open desk", without, may: false, each: false);
    }

    [Theory, Providers]
    public async Task A_note_changes_nothing_for_who_may_not_read_notes(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        await NoteWays.FillAsync(desk);
        using var without = desk.ClientWith(await desk.AddTokenAsync(Role.admin, TokenScope.read_without_notes));
        using var with = desk.ClientWith(await desk.AddTokenAsync(Role.viewer));
        foreach (var client in new[] { without, with })
            client.DefaultRequestHeaders.Add("OData-MaxVersion", "4.01"); // changes with what is expanded need it
        string[] addresses =
        [
            .. NoteWays.Feed.Concat(NoteWays.Figures.Select(f => f.Address)).Select(address => $"/odata/{address}"),
            "/odata/Tickets", "/odata/Tickets(1)", "/api/tickets/1/comments/", "/api/tickets/",
            "/tickets/export.csv", "/tickets/export.xlsx", "/tickets/comments.csv",
        ];
        var before = await AnswersAsync(without, addresses);
        var (withLinks, withoutLinks) = (await LinksAsync(with), await LinksAsync(without));
        await NoteWays.AddNoteAsync(desk, 1, await IdOfAuthorAsync(desk));
        var after = await AnswersAsync(without, addresses);
        Assert.All(addresses, (address, at) => Assert.Equal($"{address} {before[at]}", $"{address} {after[at]}"));
        foreach (var link in withLinks)
            Assert.True(NoteWays.ShowsNote(await with.GetStringAsync(link, Cancel)), link);
        // A link that somebody else was given shows no more than one's own.
        foreach (var link in withLinks.Concat(withoutLinks))
        {
            var changes = JsonNode.Parse(await without.GetStringAsync(link, Cancel))!;
            Assert.Empty(changes["value"]!.AsArray());
            Assert.Equal("0", await without.GetStringAsync(link.Replace("?", "/$count?", StringComparison.Ordinal), Cancel));
        }
    }

    [Fact]
    public async Task Every_route_is_known_to_lead_to_comments_or_not()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite);
        var routes = Endpoints(desk.Desk).Where(e => AccessGate.RuleOf(e) is not IsPublicAttribute)
            .Select(e => e.RoutePattern.RawText!.Trim('/')).Distinct().Order(StringComparer.Ordinal).ToList();
        // A new route that can show a comment also belongs into NoteWays.
        Assert.Equal(Leading.Concat(Administrators).Concat(Elsewhere).Order(StringComparer.Ordinal), routes);
    }

    [Fact]
    public async Task Every_set_navigation_and_operation_that_leads_to_comments_is_known()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite);
        var metadata = XDocument.Parse(await desk.Client.GetStringAsync("/odata/$metadata", Cancel));
        var guarded = metadata.Descendants(Edm + "EntityType")
            .Where(type => type.Elements(Edm + "Property").Any(p => (string?)p.Attribute("Name") == nameof(Comment.IsInternal)))
            .Select(type => $"SupportTickets.{(string)type.Attribute("Name")!}").ToHashSet();
        Assert.Equal(
            ["SupportTickets.Attachment", "SupportTickets.Comment", "SupportTickets.TicketEvent"], guarded.Order(StringComparer.Ordinal));
        var sets = metadata.Descendants(Edm + "EntitySet").Where(set => Leads(set.Attribute("EntityType"))).Select(Name);
        var navigations = metadata.Descendants(Edm + "NavigationProperty").Where(n => Leads(n.Attribute("Type")))
            .Select(n => $"{Name(n.Parent!)}/{Name(n)}");
        var operations = metadata.Descendants(Edm + "ReturnType").Where(r => Leads(r.Attribute("Type")))
            .Select(r => $"{Name(r.Parent!)}()");
        // A new one also belongs into NoteWays, on every path and option that it opens.
        Assert.Equal(
            WaysInTheModel.Order(StringComparer.Ordinal), sets.Concat(navigations).Concat(operations).Order(StringComparer.Ordinal));

        bool Leads(XAttribute? type) => guarded.Contains(((string)type!).Replace("Collection(", "", StringComparison.Ordinal).TrimEnd(')'));
        static string Name(XElement element) => (string)element.Attribute("Name")!;
    }

    // Every row of which some are for readers of notes only is behind the filter, whatever query reads it.
    [Fact]
    public async Task Every_table_with_internal_rows_has_the_filter()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var db = database.Open();
        var internals = db.Model.GetEntityTypes().Where(t => t.FindProperty(nameof(Comment.IsInternal)) is not null).ToList();
        Assert.True(internals.Count >= 4);
        Assert.All(internals, type => Assert.Contains(type.GetDeclaredQueryFilters(), filter => filter.Key == "notes"));
    }

    // Whatever routes there are, with the numbers of the first ticket and its note.
    private static async Task AssertNoRouteShowsAsync(Desk desk, HttpClient client)
    {
        var asked = 0;
        // A stream of changes has no end.
        foreach (var endpoint in Endpoints(desk).Where(e => !e.RoutePattern.RawText!.EndsWith("/changes", StringComparison.Ordinal)))
        {
            var segments = endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
            {
                RoutePatternLiteralPart literal => literal.Content,
                RoutePatternParameterPart { Name: "comment" } => "2",
                _ => "1",
            })));
            var (_, text) = await NoteWays.AskAsync(client, $"/{string.Join('/', segments)}");
            Assert.False(NoteWays.ShowsNote(text), endpoint.RoutePattern.RawText);
            asked++;
        }
        Assert.True(asked > 30, $"Only {asked} routes were asked.");
    }

    private static async Task AssertRefusedAsync(string who, HttpClient client)
    {
        string[] feed = [.. NoteWays.Feed, .. NoteWays.Hidden, .. NoteWays.Figures.Select(figure => figure.Address)];
        foreach (var address in feed.Select(address => $"/odata/{address}").Concat(NoteWays.Others))
        {
            var (status, text) = await NoteWays.AskAsync(client, address);
            Assert.True(status is HttpStatusCode.Unauthorized or HttpStatusCode.Redirect, $"{who} {address}: {status}");
            Assert.False(NoteWays.ShowsNote(text), $"{who} {address}");
        }
    }

    // Every address of the feed as a part of a batch, where the same code answers; for some callers also each by itself.
    private static async Task AssertAsync(string who, HttpClient client, bool may, bool each)
    {
        string[] feed = [.. NoteWays.Feed, .. NoteWays.Hidden, .. NoteWays.Figures.Select(figure => WithoutTypes(figure.Address))];
        var answers = await BatchAsync(client, feed);
        if (each)
        {
            foreach (var (at, address) in feed.Index())
                Assert.Equal($"{who} {address} {answers[at]}", $"{who} {address} {await NoteWays.AskAsync(client, $"/odata/{address}")}");
        }
        foreach (var (at, address) in feed.Index())
        {
            var (status, text) = answers[at];
            if (at < NoteWays.Feed.Length)
                Assert.Equal($"{who} {address} {may} {text}", $"{who} {address} {NoteWays.ShowsNote(text)} {text}");
            else if (at < NoteWays.Feed.Length + NoteWays.Hidden.Length)
                Assert.Equal((who, address, may ? HttpStatusCode.OK : HttpStatusCode.NotFound), (who, address, status));
            else if (NoteWays.Figures[at - NoteWays.Feed.Length - NoteWays.Hidden.Length] is var (_, with, without))
                Assert.Equal($"{who} {address} {(may ? with : without)}", $"{who} {address} {NoteWays.FiguresIn(text)}");
            Assert.True(status is HttpStatusCode.OK || (!may && status is HttpStatusCode.NotFound), $"{who} {address} {status} {text}");
        }
        foreach (var address in NoteWays.Others)
        {
            var (status, text) = await NoteWays.AskAsync(client, address);
            Assert.True(status is HttpStatusCode.OK || (!may && status is HttpStatusCode.NotFound), $"{who} {address} {status}");
            Assert.True(may == NoteWays.ShowsNote(text), $"{who} {address} {text}");
        }
        using var query = await client.PostAsync(
            "/odata/Tickets/$query", new StringContent("$expand=Comments&$filter=Id eq 1", Encoding.UTF8, "text/plain"), Cancel);
        Assert.Equal((who, may), (who, NoteWays.ShowsNote(await query.Content.ReadAsStringAsync(Cancel))));
    }

    // Numbers of $apply state their type otherwise.
    private static string WithoutTypes(string address) => address.Contains("/$count?", StringComparison.Ordinal) ? address
        : $"{address}{(address.Contains('?') ? '&' : '?')}$format=application/json;metadata=none";

    private static async Task<List<(HttpStatusCode Status, string Text)>> BatchAsync(HttpClient client, string[] addresses)
    {
        var parts = addresses.Select((address, at) =>
            (JsonNode)new JsonObject { ["id"] = $"{at}", ["method"] = "GET", ["url"] = address });
        var batch = new JsonObject { ["requests"] = new JsonArray([.. parts]) };
        using var content = new StringContent(batch.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/odata/$batch", content, Cancel);
        var answers = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["responses"]!.AsArray();
        Assert.Equal(addresses.Length, answers.Count);
        return [.. answers.Select(part => ((HttpStatusCode)part!["status"]!.GetValue<int>(), part["body"] switch
        {
            null => "",
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            var body => body.ToJsonString(Unescaped),
        }))];
    }

    private static async Task<List<string>> AnswersAsync(HttpClient client, IEnumerable<string> addresses)
    {
        var answers = new List<string>();
        foreach (var address in addresses)
            answers.Add($"{await NoteWays.AskAsync(client, address)}");
        return answers;
    }

    private static async Task<List<string>> LinksAsync(HttpClient client)
    {
        var links = new List<string>();
        foreach (var query in (string[])["Tickets?$expand=Comments", "Tickets?$expand=Events"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/odata/{query}") { Headers = { { "Prefer", "track-changes" } } };
            using var answer = await client.SendAsync(request, Cancel);
            links.Add(JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["@deltaLink"]!.GetValue<string>());
        }
        return links;
    }

    private static async Task<int> IdOfAuthorAsync(Desk desk)
    {
        await using var db = desk.Database.Open();
        return await db.Comments.Where(c => c.Author == NoteWays.Author).Select(c => c.AuthorId!.Value).FirstAsync(Cancel);
    }

    private static IEnumerable<RouteEndpoint> Endpoints(Desk desk) =>
        desk.Services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null);
}
