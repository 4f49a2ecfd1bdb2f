using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData;

/// <summary>Asks a desk which tickets expressions hold for, and says all that is wrong at once.</summary>
internal static class FilterCalls
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Each filter has these tickets, and its negation the others.</summary>
    public static async Task FindsAsync(this FeedDesk desk, params (string Filter, Func<Ticket, bool> Expected)[] filters)
    {
        await using var db = desk.Database.Open();
        var tickets = await db.Tickets.AsNoTracking().OrderBy(t => t.Id).ToListAsync(Cancel);
        var wrong = new List<string>();
        foreach (var (filter, expected) in filters)
        {
            // Parameter aliases follow the expression.
            var aliases = filter.IndexOf("&@", StringComparison.Ordinal) is >= 0 and var at ? filter[at..] : "";
            await CompareAsync(filter, tickets.Where(expected));
            await CompareAsync($"not ({filter[..^aliases.Length]}){aliases}", tickets.Where(ticket => !expected(ticket)));
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));

        async Task CompareAsync(string filter, IEnumerable<Ticket> expected)
        {
            using var response = await desk.Client.GetAsync($"/odata/Tickets?$select=Id&$filter={filter}", Cancel);
            var body = await response.Content.ReadAsStringAsync(Cancel);
            var found = response.IsSuccessStatusCode
                ? string.Join(' ', JsonNode.Parse(body)!["value"]!.AsArray().Select(row => row!["Id"]))
                : body;
            if (found != string.Join(' ', expected.Select(ticket => ticket.Id)))
                wrong.Add($"{filter}: {found} instead of {string.Join(' ', expected.Select(ticket => ticket.Id))}");
        }
    }

    /// <summary>Each request fails, and says these words.</summary>
    public static async Task RefusesWithAsync(this FeedDesk desk, params (string Query, string Words)[] queries)
    {
        var wrong = new List<string>();
        foreach (var (query, words) in queries)
        {
            using var response = await desk.Client.GetAsync($"/odata/Tickets?{query}", Cancel);
            var body = await response.Content.ReadAsStringAsync(Cancel);
            if (response.StatusCode != HttpStatusCode.BadRequest || !body.Contains(words, StringComparison.Ordinal))
                wrong.Add($"{query}: {(int)response.StatusCode} {body}");
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }
}
