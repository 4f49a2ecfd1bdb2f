using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

/// <summary>Rows with and without null, and what a desk answers about them.</summary>
internal static class NullRows
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// A desk with two tickets. The first has one event and nothing that may be missing, the second two events, of which the last
    /// has all of it.
    /// </summary>
    public static async Task<FeedDesk> StartAsync(Provider provider)
    {
        var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        await using var db = desk.Database.Open();
        var person = new SupportTickets.Access.People.Person
        {
            Name = "Ada",
            Email = "a@example.com",
            NormalizedEmail = "A@EXAMPLE.COM",
            SecurityStamp = "stamp",
            PasswordHash = "hash",
            Role = SupportTickets.Access.Role.agent,
        };
        db.Add(person);
        await db.SaveChangesAsync(Cancel);
        (await db.Tickets.FindAsync([2], Cancel))!.AssigneeId = person.Id;
        await db.SaveChangesAsync(Cancel);
        return desk;
    }

    /// <summary>The rows of an answer, or how it failed.</summary>
    public static async Task<(List<JsonNode>? Rows, string? Error)> RowsAsync(
        FeedDesk desk, string url, params (string Name, string Value)[] headers)
    {
        try
        {
            using var response = await desk.SendAsync(HttpMethod.Get, $"/odata/{url}", (HttpContent?)null, headers);
            var text = await response.Content.ReadAsStringAsync(Cancel);
            return response.IsSuccessStatusCode
                ? ([.. JsonNode.Parse(text)!["value"]!.AsArray().Select(row => row!)], null)
                : (null, $"{(int)response.StatusCode} {text}");
        }
        catch (Exception error) when (error is HttpRequestException or System.Text.Json.JsonException or IOException)
        {
            return (null, $"cut off: {error.GetType().Name}");
        }
    }
}
