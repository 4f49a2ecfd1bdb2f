using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Connect;

namespace SupportTickets.Pages.Connect;

/// <summary>How to read the desk from other programs.</summary>
public sealed class IndexModel : PageModel
{
    /// <summary>The address of the feed, with a slash at its end.</summary>
    public Uri Feed { get; private set; } = null!;

    /// <summary>For a shell.</summary>
    public string Curl => $$"""
        curl -sG {{Feed}}Tickets \
          --data-urlencode "\$filter=Status eq 'open'" \
          --data-urlencode '$orderby=UrgencyScore desc' \
          --data-urlencode '$top=10'
        """;

    /// <summary>For Python 3, which needs nothing else.</summary>
    public string Python => $$"""
        import json
        from urllib.request import urlopen

        url = "{{Feed}}Tickets?$select=Id,Title,Status,CreatedAt"
        tickets = []
        while url:
            with urlopen(url) as answer:
                page = json.load(answer)
            tickets += page["value"]
            url = page.get("@odata.nextLink")

        print(len(tickets), "tickets")
        """;

    /// <summary>For .NET 10.</summary>
    public string CSharp => $$"""
        using System.Text.Json.Nodes;

        using var client = new HttpClient();
        var tickets = new List<JsonNode>();
        string? url = "{{Feed}}Tickets?$select=Id,Title,Status,CreatedAt";
        while (url is not null)
        {
            var page = JsonNode.Parse(await client.GetStringAsync(url))!;
            tickets.AddRange(page["value"]!.AsArray()!);
            url = page["@odata.nextLink"]?.GetValue<string>();
        }

        Console.WriteLine($"{tickets.Count} tickets");
        """;

    /// <summary>Shows it.</summary>
    public IActionResult OnGet()
    {
        if (FeedAddress.Of(Request) is not { } feed)
            return BadRequest();
        Feed = feed;
        return Page();
    }
}
