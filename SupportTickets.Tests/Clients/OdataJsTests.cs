using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Clients;

/// <summary>The feed as odatajs uses it, the JavaScript client of Apache Olingo, from Node.js and against a server that listens.</summary>
public sealed class OdataJsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_program_reads_pages_creates_changes_and_batches(Provider provider)
    {
        ClientLibraries.Of("odatajs");
        await using var desk = await Desk.StartAsync(provider, kestrel: true);
        await FeedDesk.SeedAsync(desk.Database, 60);
        var before = await desk.TicketsAsync();
        var seen = await Node.RunAsync("odatajs.mjs", new Uri(desk.Address, "/odata/").AbsoluteUri);
        var after = await desk.TicketsAsync();

        AssertModel(seen);
        AssertReads(seen, before);
        AssertChanges(seen, before, after);
        AssertBatches(seen["batches"]!, after);
    }

    private static void AssertModel(JsonObject seen)
    {
        Assert.Equal("SupportTickets Id", $"{seen["schema"]!["namespace"]} {seen["schema"]!["key"]}");
        Assert.Equal(
            ["Ticket", "TicketEvent", "TicketTag"],
            Texts(seen["schema"]!["types"]).Where(name => name.StartsWith("Ticket", StringComparison.Ordinal)));
        Assert.Contains("Status", Texts(seen["schema"]!["enums"]));
        Assert.Contains("Tickets", Texts(seen["service"]));
    }

    private static void AssertReads(JsonObject seen, List<Ticket> tickets)
    {
        var found = tickets
            .Where(t => t.Status != Status.open && t.UrgencyScore >= 20)
            .OrderByDescending(t => t.UrgencyScore)
            .ThenBy(t => t.Id)
            .ToList();
        var read = seen["read"]!;
        Assert.Equal(found.Count, read["control"]!["@odata.count"]!.GetValue<int>());
        Assert.Equal(
            found.Take(5).Select(t => $"{t.Id} {t.Title} {t.Status}"),
            read["value"]!.AsArray().Select(row => $"{row!["Id"]} {row["Title"]} {row["Status"]}"));
        // With the model the library knows the address and the type of everything.
        var first = read["value"]![0]!;
        Assert.EndsWith($"/odata/Tickets({found[0].Id})", first["@odata.id"]!.GetValue<string>());
        Assert.Equal(
            "#SupportTickets.Ticket #SupportTickets.Status #DateTimeOffset",
            $"{first["@odata.type"]} {first["Status@odata.type"]} {first["CreatedAt@odata.type"]}");
        Assert.True(read["dates"]!.GetValue<bool>());
        Assert.Equal(
            tickets[1].Events.OrderBy(e => e.Id).Select(e => $"{e.Field} {e.NewValue}"),
            read["expanded"]!["Events"]!.AsArray().Select(e => $"{e!["Field"]} {e["NewValue"]}"));
        Assert.Equal(
            tickets.OrderByDescending(t => t.CreatedAt).Take(40).Select(t => t.Id),
            seen["walk"]!["rows"]!.AsArray().Select(id => id!.GetValue<int>()));
        Assert.Equal(6, seen["walk"]!["requests"]!.GetValue<int>()); // pages of 7
        Assert.Equal(tickets.Count, seen["count"]!.GetValue<int>());
    }

    private static void AssertChanges(JsonObject seen, List<Ticket> before, List<Ticket> after)
    {
        var created = seen["created"]!;
        Assert.Equal(
            "61 By odatajs open odata W/\"1\"",
            $"{created["Id"]} {created["Title"]} {created["Status"]} {created["Channel"]} {created["@odata.etag"]}");
        var change = seen["change"]!;
        Assert.Equal(
            $"W/\"{before[0].Version}\" in_progress W/\"{before[0].Version + 1}\"",
            $"{change["etag"]} {change["changed"]!["Status"]} {change["changed"]!["@odata.etag"]}");
        Assert.Equal("412 precondition_failed", $"{change["stale"]!["status"]} {change["stale"]!["error"]!["code"]}");
        Assert.Equal($"{before[0].Title} in_progress", $"{change["kept"]} {change["Status"]}");
        Assert.Equal((before[0].Title, Status.in_progress, before[0].Version + 1), (after[0].Title, after[0].Status, after[0].Version));
    }

    private static void AssertBatches(JsonNode batches, List<Ticket> after)
    {
        Assert.Equal(["200", "201 204", "200"], batches["done"]!.AsArray().Select(Status));
        Assert.Equal("1 2", string.Join(' ', batches["done"]![0]!["data"]!["value"]!.AsArray().Select(row => row!["Id"])));
        Assert.EndsWith("/odata/Tickets(62)", batches["done"]![1]![0]!["location"]!.GetValue<string>());
        Assert.Equal("In a batch", batches["done"]![1]![0]!["data"]!["Title"]!.GetValue<string>());
        Assert.Equal("medium", batches["done"]![2]!["data"]!["Priority"]!.GetValue<string>());
        // The change set that fails has one answer and leaves nothing; the batch goes on, as preferred.
        Assert.Equal(["412", "200"], batches["undone"]!.AsArray().Select(Status));
        Assert.Equal("precondition_failed", batches["undone"]![0]!["error"]!["code"]!.GetValue<string>());
        Assert.Equal("62", batches["undone"]![1]!["data"]!.ToString());
        Assert.Equal(["By odatajs", "In a batch"], after.Skip(60).Select(t => t.Title));
        Assert.Equal(Priority.medium, after[1].Priority);

        static string Status(JsonNode? part) =>
            part is JsonArray set ? string.Join(' ', set.Select(p => p!["status"])) : part!["status"]!.ToString();
    }

    private static IEnumerable<string> Texts(JsonNode? array) => array!.AsArray().Select(text => text!.GetValue<string>());
}
