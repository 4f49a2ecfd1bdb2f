using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Hosting;

public sealed class WarmUpTests
{
    [Fact]
    public async Task A_started_server_asks_itself_for_every_face_past_hosts_and_redirect_and_survives_what_fails()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        var asked = new ConcurrentQueue<string>();
        var last = new TaskCompletionSource();
        await using var host = await TestHost.StartAsync(database.Url, app => app.MapFallback((HttpContext context) =>
        {
            asked.Enqueue($"{context.Request.Method} {context.Request.Path}");
            if (context.Request.Path == "/") context.Abort();
            if (context.Request.Path.StartsWithSegments("/odata")) last.SetResult();
        }), kestrel: true, settings: TestHost.Production(("ALLOWED_HOSTS", ".example.com")));

        await last.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(["GET /", "GET /tickets", "GET /tickets/new", "GET /api/tickets/stats/", "GET /api/tickets/0/", "GET /odata/Tickets"], asked.Distinct());
        Assert.Empty(host.Log.At(LogLevel.Warning));
    }
}
