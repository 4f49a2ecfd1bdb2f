using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Clients;

/// <summary>What a script of this folder saw: for each thing it did with its library, what the library sent and what came of it.</summary>
internal sealed class Seen(JsonObject seen)
{
    /// <summary>The title of the one ticket that <see cref="SeedAsync"/> adds: everything that an address has to spell.</summary>
    private const string Odd = "O'Neil & Co. 100% +1 #2 Größe 🎫";

    /// <summary>What came of it, which must be no refusal.</summary>
    public JsonNode? this[string name]
    {
        get
        {
            var (made, error) = (Of(name), Of(name)["error"]);
            Assert.True(error is null, $"{name}: {error?.ToJsonString()} after {made["requests"]!.ToJsonString()}");
            return made["value"];
        }
    }

    /// <summary>60 tickets over many days, and one with an odd title.</summary>
    public static async Task<List<Ticket>> SeedAsync(Desk desk)
    {
        await FeedDesk.SeedAsync(desk.Database, 60);
        await desk.AddTicketAsync(Odd);
        return await desk.TicketsAsync();
    }

    /// <summary>Runs a script against a desk.</summary>
    public static async Task<Seen> ByAsync(string script, Desk desk, params string[] arguments) =>
        new(await Node.RunAsync(script, [new Uri(desk.Address, "/odata/").AbsoluteUri, .. arguments]));

    public static IEnumerable<Ticket> OnDay(List<Ticket> tickets, int day, int last = 0) =>
        tickets.Where(t => t.CreatedDate >= new DateOnly(2026, 1, day) && t.CreatedDate <= new DateOnly(2026, 1, Math.Max(day, last)));

    /// <summary>The requests that were sent for it: line, some of the headers, body.</summary>
    public IReadOnlyList<JsonNode> Requests(string name) => [.. Of(name)["requests"]!.AsArray().Select(request => request!)];

    /// <summary>The line of the one request that was sent for it, as a person would read it.</summary>
    public string Line(string name) => LineOf(Assert.Single(Requests(name)));

    /// <summary>A header of the first request that was sent for it, or its body.</summary>
    public string? Sent(string name, string header) => Requests(name)[0][header]?.GetValue<string>();

    /// <summary>The refusal as the library gives it to the application: one of its fields.</summary>
    public string Error(string name, string field = "message") =>
        (Of(name)["error"] ?? throw new InvalidOperationException($"{name} was no error: {Of(name).ToJsonString()}"))[field]!.ToString();

    public void Refused(string name, int status, string code) =>
        Assert.Equal($"{status} {code}", $"{Error(name, "status")} {Error(name, "code")}");

    /// <summary>The library sent this <c>$filter</c>, which is none, and the application was told so.</summary>
    public void RefusedFilter(string name, string filter, string message)
    {
        Assert.Contains($"$filter={filter}", Line(name));
        Assert.Contains(message, Error(name));
    }

    /// <summary>The library sent this <c>$filter</c>, and it found these tickets and no others.</summary>
    public void Found(string name, string filter, IEnumerable<Ticket> tickets)
    {
        Assert.Contains($"$filter={filter}", Line(name));
        var ids = tickets.Select(t => t.Id).ToList();
        Assert.NotEmpty(ids);
        Assert.Equal(ids, Numbers(this[name]));
    }

    /// <summary>The ticket with the odd title was found by its title.</summary>
    public void FoundOdd(string name, List<Ticket> tickets)
    {
        Assert.Equal(Odd, tickets[^1].Title);
        Found(name, $"Title eq '{Odd.Replace("'", "''")}'", tickets.TakeLast(1));
    }

    /// <summary>The first three tickets that have the word.</summary>
    public void FoundBySearch(string name, List<Ticket> tickets)
    {
        Assert.Contains("$search=ticket", Line(name));
        var found = tickets.Where(t => t.Title.StartsWith("Ticket", StringComparison.Ordinal)).Take(3);
        Assert.Equal(found.Select(t => t.Id), Numbers(this[name]));
    }

    /// <summary>Pages of seven of what is not open, the most urgent first, and their count.</summary>
    public void Paged(string name, List<Ticket> tickets)
    {
        var expected = tickets.Where(t => t.Status != Status.open).OrderByDescending(t => t.UrgencyScore).ThenBy(t => t.Id);
        Assert.Equal(expected.Select(t => t.Id), Numbers(this[name]!["rows"]));
        Assert.Equal(expected.Count(), this[name]!["count"]!.GetValue<int>());
        Assert.Equal((expected.Count() + 6) / 7, Having(name, "$top=7").Count(having => having));
    }

    /// <summary>All tickets, the newest first, by the links between pages of 25.</summary>
    public void Walked(string name, List<Ticket> tickets)
    {
        Assert.Equal(tickets.OrderByDescending(t => t.CreatedAt).Select(t => t.Id), Numbers(this[name]));
        Assert.Equal([false, true, true], Having(name, "$skiptoken="));
    }

    /// <summary>The ticket that the library created, as it was answered.</summary>
    public void Created(string name, string title)
    {
        var ticket = this[name]!;
        Assert.Equal($"62 {title} open odata", $"{ticket["Id"]} {ticket["Title"]} {ticket["Status"]} {ticket["Channel"]}");
    }

    /// <summary>The version that was read went along with a change.</summary>
    public void SentVersion(string name, Ticket ticket) =>
        Assert.Equal($"PATCH Tickets({ticket.Id}) W/\"{ticket.Version}\"", $"{Line(name)} {Sent(name, "if-match")}");

    /// <summary>A ticket and its history.</summary>
    public static void IsWithHistory(Ticket ticket, JsonNode? seen)
    {
        Assert.Equal($"{ticket.Id} {ticket.Title}", $"{seen!["Id"]} {seen["Title"]}");
        var events = seen["Events"]!.AsArray().Select(e => $"{e!["Field"]} {e["NewValue"]}");
        Assert.Equal(ticket.Events.OrderBy(e => e.Id).Select(e => $"{e.Field} {e.NewValue}"), events);
    }

    /// <summary>A ticket was changed once, in its status only.</summary>
    public static void HasStatus(Status status, Ticket before, Ticket after) =>
        Assert.Equal((before.Id, before.Title, status, before.Version + 1), (after.Id, after.Title, after.Status, after.Version));

    private IEnumerable<bool> Having(string name, string option) =>
        Requests(name).Select(request => LineOf(request).Contains(option, StringComparison.Ordinal));

    private static IEnumerable<int> Numbers(JsonNode? array) => array!.AsArray().Select(number => number!.GetValue<int>());

    private static string LineOf(JsonNode request) => request["line"]!.GetValue<string>();

    private JsonObject Of(string name) => seen[name]!.AsObject();
}
