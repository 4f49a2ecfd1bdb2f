using System.Text.Json;
using SupportTickets.Access;
using SupportTickets.OData;
using SupportTickets.OData.Model;

namespace SupportTickets.Maintenance;

/// <summary>Sends requests to the feed without a server.</summary>
/// <param name="services">A service scope: the feed reads through its database context, and so in its transaction.</param>
internal sealed class InProcessFeed(IServiceProvider services)
{
    /// <summary>All rows of a query, page by page.</summary>
    /// <param name="set">The entity set.</param>
    /// <param name="options">The query options.</param>
    /// <param name="cancel">Cancels the reading.</param>
    public async IAsyncEnumerable<JsonElement> RowsAsync(
        string set, string options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        for (string? query = "?" + options; query is not null;)
        {
            using var page = await GetAsync($"/{Feed.Prefix}/{set}", query, cancel);
            foreach (var row in page.RootElement.GetProperty("value").EnumerateArray())
                yield return row;
            query = page.RootElement.TryGetProperty("@odata.nextLink", out var next) ? new Uri(next.GetString()!).Query : null;
        }
    }

    private async Task<JsonDocument> GetAsync(string path, string query, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, RequestAborted = cancel };
        (context.Request.Method, context.Request.Scheme) = (HttpMethods.Get, "http");
        (context.Request.Host, context.Request.Path) = (new("localhost"), path);
        context.Features.Set(Caller.System);
        context.Request.QueryString = new(query);
        context.Response.Body = body;
        await FeedEndpoint.HandleAsync(context);
        if (context.Response.StatusCode != StatusCodes.Status200OK)
            throw new InvalidOperationException($"The feed answered {path}{query} with {context.Response.StatusCode}.");
        return JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length));
    }
}
