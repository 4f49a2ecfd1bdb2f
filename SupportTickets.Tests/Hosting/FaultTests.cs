using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SupportTickets.Core;
using SupportTickets.Http;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Hosting;

public sealed class FaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mistake_of_ours_is_logged_once_under_the_trace_that_the_answer_shows()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var host = await TestHost.StartAsync(
            database.Url, app => app.MapGet("/boom/{word}", string (string word) => throw new InvalidOperationException("internals")));

        var answer = await host.Client.GetAsync("/boom/personal", Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.DoesNotContain("internals", text);
        var trace = text.Split("logged as ")[1].Split('.')[0];
        Assert.NotEmpty(trace);
        var line = Assert.Single(host.Log.At(LogLevel.Error));
        Assert.Contains($"GET /boom/{{word}} failed, trace {trace}", line);
        Assert.Contains("internals", line);
        Assert.DoesNotContain("personal", line);
    }

    [Theory]
    [InlineData("/api/x", "rest")]
    [InlineData("/API/x", "rest")]
    [InlineData("/odata/x", "odata")]
    [InlineData("/apix", "pages")]
    [InlineData("/", "pages")]
    public async Task A_fault_is_written_by_the_face_whose_path_it_is(string path, string face)
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var host = await TestHost.StartAsync(
            database.Url, app => app.MapFallback(string () => throw new InvalidOperationException()),
            services: s =>
                s.AddScoped<IFaultWriter>(_ => new Writer("/", "pages"))
                    .AddSingleton<IFaultWriter>(new Writer("/api", "rest"))
                    .AddSingleton<IFaultWriter>(new Writer("/odata", "odata")));

        var answer = await host.Client.GetAsync(path, Cancel);

        Assert.Equal($"{face} 500 internal_error", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task A_writer_that_fails_itself_leaves_the_sentence_as_plain_text()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var host = await TestHost.StartAsync(
            database.Url, app => app.MapGet("/large", string () => throw new BadHttpRequestException("", 413)),
            services: s => s.AddSingleton<IFaultWriter>(new Writer("/", null)));

        var answer = await host.Client.GetAsync("/large", Cancel);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("at most 10485760 bytes", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Single(host.Log.At(LogLevel.Error));
    }

    [Theory]
    [InlineData(400, "malformed")]
    [InlineData(408, "too long to arrive")]
    [InlineData(413, "too large")]
    public async Task What_the_server_says_is_wrong_with_a_request_keeps_its_status_and_is_no_error_of_ours(int status, string sentence)
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var host = await TestHost.StartAsync(
            database.Url,
            app =>
                app.MapGet("/bad", string () => throw new InvalidOperationException("", new BadHttpRequestException("internals", status))));

        var answer = await host.Client.GetAsync("/bad", Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(sentence, text);
        Assert.DoesNotContain("internals", text);
        Assert.Empty(host.Log.At(LogLevel.Warning));
    }

    [Fact]
    public async Task An_answer_that_fails_halfway_is_cut_off_so_that_nobody_takes_it_for_whole()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var host = await TestHost.StartAsync(database.Url, app => app.MapGet("/half", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("[1,");
            await context.Response.Body.FlushAsync();
            throw new InvalidOperationException("internals");
        }), kestrel: true);

        await Assert.ThrowsAsync<HttpRequestException>(() => host.Client.GetStringAsync("/half", Cancel));
        Assert.Single(host.Log.At(LogLevel.Error), line => line.Contains("/half failed"));
    }

    [Fact]
    public async Task A_client_that_goes_away_is_no_error()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        var arrived = new TaskCompletionSource();
        var ended = new TaskCompletionSource<int>();
        await using var host = await TestHost.StartAsync(
            database.Url,
            app => app.MapGet("/slow", async (HttpContext context) =>
            {
                arrived.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }),
            services: s => s.AddSingleton<IStartupFilter>(new Around(async (context, next) =>
            {
                await next(context);
                ended.SetResult(context.Response.StatusCode);
            })));
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var request = host.Client.GetAsync("/slow", leave.Token);
        await arrived.Task;
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.Equal(499, await ended.Task.WaitAsync(Cancel));
        Assert.Empty(host.Log.At(LogLevel.Warning));
    }

    private sealed class Writer(string prefix, string? name) : IFaultWriter
    {
        public PathString Prefix => prefix;

        public Task WriteAsync(HttpContext context, Fault fault) => name is null
            ? throw new InvalidOperationException("the writer is broken")
            : context.Response.WriteAsync($"{name} {context.Response.StatusCode} {fault.Code}");
    }

    private sealed class Around(Func<HttpContext, RequestDelegate, Task> middleware) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(middleware);
            next(app);
        };
    }
}
