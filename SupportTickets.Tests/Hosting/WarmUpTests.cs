using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SupportTickets.Access.Tokens;
using SupportTickets.Hosting;
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

        Assert.Equal(
            [
                "GET /", "GET /tickets", "GET /tickets/0", "GET /tickets/new", "GET /api/tickets/stats/", "GET /api/tickets/0/",
                "GET /odata/Tickets",
            ],
            asked.Distinct());
        Assert.Empty(host.Log.At(LogLevel.Warning));
    }

    [Fact]
    public async Task Health_waits_until_the_desk_is_warm()
    {
        var held = new TaskCompletionSource();
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, services: services =>
        {
            WithoutWarmUp.Undo(services);
            services.AddSingleton<IStartupFilter>(new Outside(async (context, next) =>
            {
                if (context.Request.Path == "/tickets") await held.Task;
                await next(context);
            }));
        });
        var health = desk.Client.GetAsync("/healthz", TestContext.Current.CancellationToken);
        using (var page = await desk.Client.GetAsync("/tickets/new", TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.False(health.IsCompleted);
        held.SetResult();
        using var answer = await health;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory, Providers]
    public async Task In_production_every_page_is_warmed_up_and_nothing_is_logged(Provider provider)
    {
        var log = new TestHost.Logged();
        var asked = new ConcurrentQueue<(string, int)>();
        await using var desk = await Desk.StartAsync(provider, kestrel: true, services: services =>
        {
            WithoutWarmUp.Undo(services);
            services.AddSingleton<ILoggerProvider>(log);
            services.AddSingleton<IStartupFilter>(new Outside(async (context, next) =>
            {
                await next(context);
                asked.Enqueue((context.Request.Path, context.Response.StatusCode));
            }));
        }, settings: TestHost.Production(("ALLOWED_HOSTS", "m\u00fcller.de")));
        await desk.Services.GetServices<IHostedService>().OfType<WarmUp>().Single().ExecuteTask!.WaitAsync(
            TestContext.Current.CancellationToken);
        Assert.Empty(log.At(LogLevel.Error));
        Assert.Equal(
            [
                ("/", 200), ("/tickets", 200), ("/tickets/0", 200), ("/tickets/new", 200), ("/api/tickets/stats/", 200),
                ("/api/tickets/0/", 404), ("/odata/Tickets", 200),
            ],
            asked.ToArray());
    }

    [Fact]
    public async Task Nobody_else_goes_past_the_redirect_by_what_a_request_says()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var host = await TestHost.StartAsync(database.Url, app => app.MapFallback(() => "in"), settings: TestHost.Production());
        var pass = host.Services.GetRequiredService<WarmUpToken>().Text;
        foreach (var (token, status) in ((string, HttpStatusCode)[])
        [
            ($"{pass}x", HttpStatusCode.TemporaryRedirect),
            ("", HttpStatusCode.TemporaryRedirect),
            (pass[..^1], HttpStatusCode.TemporaryRedirect),
        ])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            request.Headers.Add("X-Forwarded-Proto", "https");
            Assert.Equal(
                (token, status), (token, (await host.Client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode));
        }
    }

    private sealed class Outside(Func<HttpContext, RequestDelegate, Task> middleware) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(middleware);
            next(app);
        };
    }
}
