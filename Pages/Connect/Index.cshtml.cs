using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Configuration;
using SupportTickets.Connect;

namespace SupportTickets.Pages.Connect;

/// <summary>How to read the desk from other programs.</summary>
[RequiresRight(Right.read)]
public sealed class IndexModel(SupportTickets.Configuration.Settings settings) : PageModel
{
    /// <summary>The address of the feed, with a slash at its end.</summary>
    public Uri Feed { get; private set; } = null!;

    /// <summary>Whether a program needs no token.</summary>
    public bool IsOpen => settings.Access == AccessMode.open;

    /// <summary>For a shell.</summary>
    public string Curl => $$"""
        curl -sG{{(IsOpen ? "" : " -u any:\"$TOKEN\"")}} {{Feed}}Tickets \
          --data-urlencode "\$filter=Status eq 'open'" \
          --data-urlencode '$orderby=UrgencyScore desc' \
          --data-urlencode '$top=10'
        """;

    /// <summary>For Python 3, which needs nothing else.</summary>
    public string Python => IsOpen
        ? PythonWith("", "urlopen", "url")
        : PythonWith("import os\n", "Request, urlopen",
            "Request(url, headers={\"Authorization\": \"Bearer \" + os.environ[\"TOKEN\"]})");

    /// <summary>For .NET 10.</summary>
    public string CSharp => $$"""
        using System.Text.Json.Nodes;

        using var client = new HttpClient();
        {{CSharpToken}}var tickets = new List<JsonNode>();
        string? url = "{{Feed}}Tickets?$select=Id,Title,Status,CreatedAt";
        while (url is not null)
        {
            var page = JsonNode.Parse(await client.GetStringAsync(url))!;
            tickets.AddRange(page["value"]!.AsArray()!);
            url = page["@odata.nextLink"]?.GetValue<string>();
        }

        Console.WriteLine($"{tickets.Count} tickets");
        """;

    private string CSharpToken => IsOpen
        ? ""
        : "client.DefaultRequestHeaders.Authorization = new(\"Bearer\", Environment.GetEnvironmentVariable(\"TOKEN\"));\n";

    private string PythonWith(string imports, string names, string request) => $$"""
        import json
        {{imports}}from urllib.request import {{names}}

        url = "{{Feed}}Tickets?$select=Id,Title,Status,CreatedAt"
        tickets = []
        while url:
            with urlopen({{request}}) as answer:
                page = json.load(answer)
            tickets += page["value"]
            url = page.get("@odata.nextLink")

        print(len(tickets), "tickets")
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
