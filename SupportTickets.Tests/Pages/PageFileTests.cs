using System.Net;
using System.Text.RegularExpressions;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Hosting;

namespace SupportTickets.Tests.Pages;

/// <summary>Scripts and styles are asked for once: their addresses change when they do.</summary>
public sealed partial class PageFileTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_style_and_script_and_what_a_script_imports_is_kept_by_browsers()
    {
        await using var desk = await Desk.StartAsync(
            Provider.Sqlite, settings: [.. TestHost.Production(), ("SECURE_SSL_REDIRECT", "False")]);
        await desk.AddTicketAsync();
        var site = new Site(desk);
        var files = new HashSet<Uri>();
        foreach (var path in (string[])["/", "/tickets", "/tickets/1", "/tickets/1/edit", "/tickets/new", "/nowhere"])
        {
            var page = await site.GetAsync(path);
            foreach (var file in page.Document.QuerySelectorAll("link[rel=stylesheet], script"))
                await AddAsync(new(desk.Client.BaseAddress!, file.GetAttribute("href") ?? file.GetAttribute("src")));
        }
        Assert.Contains(files, file => file.AbsolutePath.EndsWith("/keep.js", StringComparison.Ordinal)); // only imported
        var script = files.First(file => file.AbsolutePath.EndsWith("/site.js", StringComparison.Ordinal)).AbsolutePath;
        // Of another version, from an instance that is being updated: found, and not kept. What does not exist is not kept either.
        Assert.Equal((HttpStatusCode.OK, false), await AskAsync(new(desk.Client.BaseAddress!, "/js/000000000000/site.js")));
        Assert.Equal((HttpStatusCode.NotFound, false), await AskAsync(new(desk.Client.BaseAddress!, script.Replace("site.js", "none.js"))));

        async Task AddAsync(Uri file)
        {
            if (!files.Add(file)) return;
            Assert.Equal((file, (HttpStatusCode.OK, true)), (file, await AskAsync(file)));
            foreach (Match import in Import().Matches(await desk.Client.GetStringAsync(file, Cancel)))
                await AddAsync(new(file, import.Groups[1].Value));
        }

        async Task<(HttpStatusCode Status, bool IsKept)> AskAsync(Uri file)
        {
            using var answer = await desk.Client.GetAsync(file, Cancel);
            return (answer.StatusCode, answer.Headers.CacheControl?.ToString() == "max-age=31536000, immutable");
        }
    }

    [GeneratedRegex("""^import .* from "([^"]+)";""", RegexOptions.Multiline)]
    private static partial Regex Import();
}
