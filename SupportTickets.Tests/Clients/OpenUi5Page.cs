using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SupportTickets.Tests.Pages;

namespace SupportTickets.Tests.Clients;

/// <summary>
/// A page at the desk's address that runs OpenUI5. Page and library come from the disk, so the desk itself has nothing to do with
/// them.
/// </summary>
internal sealed class OpenUi5Page : IAsyncDisposable
{
    private const string Html = """
        <!DOCTYPE html>
        <title>OpenUI5</title>
        <script src="/ui5/ui5loader.js"></script>
        <script src="/ui5/preload.js"></script>
        <script src="/ui5/ui5loader-autoconfig.js" id="sap-ui-bootstrap" data-sap-ui-async="true" data-sap-ui-language="en"></script>
        """;

    // What pages asked for; the next one has all of it in one file, as OpenUI5's own tools bundle an application.
    private static readonly ConcurrentDictionary<string, string> Modules = new();

    private readonly Reader _reader;

    private OpenUi5Page(Reader reader) => _reader = reader;

    /// <summary>What went wrong on the page, as its console says.</summary>
    public IReadOnlyList<string> Complaints => _reader.Complaints;

    /// <summary>The requests to the feed: method, address, and the body if there is one.</summary>
    public List<string> Requests { get; } = [];

    public static async Task<OpenUi5Page> OpenAsync(Browser browser, Uri desk)
    {
        var library = Path.Combine(ClientLibraries.Of("@openui5/sap.ui.core"), "src");
        var page = new OpenUi5Page(await browser.OpenAsync(desk));
        page._reader.Page.Request += (_, request) =>
        {
            if (new Uri(request.Url).AbsolutePath.StartsWith("/odata", StringComparison.Ordinal))
                page.Requests.Add($"{request.Method} {request.Url} {request.PostData}");
        };
        await page._reader.Page.RouteAsync("**/ui5/**", route => FulfillAsync(route, library));
        await page._reader.Page.GotoAsync("/ui5/");
        return page;
    }

    /// <summary>Calls a function of <c>openui5.js</c>.</summary>
    public async Task<JsonObject> CallAsync(string call) =>
        JsonNode
            .Parse(await _reader.Page.EvaluateAsync<string>($"async () => JSON.stringify(await (await import('/ui5/openui5.js')).{call})"))!
            .AsObject();

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    private static Task FulfillAsync(IRoute route, string library)
    {
        var name = Uri.UnescapeDataString(new Uri(route.Request.Url).AbsolutePath)["/ui5/".Length..];
        if (name.Length == 0)
            return route.FulfillAsync(new() { ContentType = "text/html", Body = Html });
        if (name == "preload.js")
            return route.FulfillAsync(
                new() { ContentType = "text/javascript", Body = $"sap.ui.require.preload({JsonSerializer.Serialize(Modules)});" });
        var file = name == "openui5.js" ? Path.Combine(ClientLibraries.Scripts, name) : Path.GetFullPath(Path.Combine(library, name));
        if (!File.Exists(file))
            return route.FulfillAsync(new() { Status = 404 });
        if (name.StartsWith("sap/", StringComparison.Ordinal) && name.EndsWith(".js", StringComparison.Ordinal))
            Modules[name] = File.ReadAllText(file);
        return route.FulfillAsync(new() { Path = file });
    }
}
