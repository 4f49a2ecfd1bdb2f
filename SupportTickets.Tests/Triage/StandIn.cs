using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Triage;

/// <summary>A request that the stand-in received.</summary>
public sealed record SeenRequest(string Path, string? Authorization, JsonElement Body)
{
    public string Message(string role) =>
        Body.GetProperty("messages")
            .EnumerateArray()
            .Single(m => m.GetProperty("role").GetString() == role)
            .GetProperty("content")
            .GetString()!;
}

/// <summary>
/// A server on loopback that plays the provider: it answers as <see cref="Answer"/> says and remembers what it was asked.
/// </summary>
public sealed class StandIn : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SemaphoreSlim _received = new(0);
    private readonly ConcurrentQueue<SeenRequest> _requests = new();

    private StandIn(WebApplication app) => _app = app;

    /// <summary>What the next requests get.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = Says("""{"sentiment":"angry","urgency_score":90}""");

    public IReadOnlyList<SeenRequest> Requests => [.. _requests];

    public (string, string)[] Settings =>
        [("TRIAGE", "openai"), ("OPENAI_API_KEY", "sk-test"), ("OPENAI_BASE_URL", Url), ("OPENAI_CLASSIFY_MODEL", "asked-model")];

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1";

    /// <summary>Settings of a provider whose port nobody listens on.</summary>
    public static (string, string)[] NobodyThere =>
        [("TRIAGE", "openai"), ("OPENAI_API_KEY", "sk-test"), ("OPENAI_BASE_URL", $"http://127.0.0.1:{PostgresServer.FreePort()}/v1")];

    public static async Task<StandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        var app = builder.Build();
        var standIn = new StandIn(app);
        app.Run(standIn.HandleAsync);
        await app.StartAsync();
        return standIn;
    }

    /// <summary>Waits until one more request has arrived.</summary>
    public async Task ReceivedAsync() =>
        Assert.True(await _received.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken), "No request arrived.");

    /// <summary>A completion whose content is this text.</summary>
    public static Func<HttpContext, Task> Says(string content, string model = "answering-model") =>
        Completes(
            new
            {
                role = "assistant",
                content,
                refusal = (string?)null,
            },
            model);

    /// <summary>A completion in which the model declines.</summary>
    public static Func<HttpContext, Task> Declines() =>
        Completes(
            new
            {
                role = "assistant",
                content = (string?)null,
                refusal = "I cannot help with that.",
            },
            "answering-model");

    /// <summary>A body as it is.</summary>
    public static Func<HttpContext, Task> Sends(string body, string type = "application/json") => context =>
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body);
    };

    public static Func<HttpContext, Task> Fails(int status, string? retryAfter = null) => context =>
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync("""{"error":{"message":"No.","type":"error","code":null,"param":null}}""");
    };

    public static Func<HttpContext, Task> Drops() => context =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    public static Func<HttpContext, Task> Hangs() => context => Task.Delay(Timeout.Infinite, context.RequestAborted);

    public static Func<HttpContext, Task> HangsAfterHeaders() => async context =>
    {
        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    };

    public static Func<HttpContext, Task> Trickles() => async context =>
    {
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync(" ");
            await Task.Delay(20, context.RequestAborted);
        }
    };

    /// <summary>One script after the other, the last of them for ever.</summary>
    public static Func<HttpContext, Task> InTurn(params Func<HttpContext, Task>[] scripts)
    {
        var next = -1;
        return context => scripts[Math.Min(Interlocked.Increment(ref next), scripts.Length - 1)](context);
    }

    /// <summary>The script, once the gate is opened.</summary>
    public static Func<HttpContext, Task> After(Task gate, Func<HttpContext, Task> script) => async context =>
    {
        await gate;
        await script(context);
    };

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _received.Dispose();
    }

    private static Func<HttpContext, Task> Completes(object message, string model) => Sends(JsonSerializer.Serialize(new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        created = 1_780_000_000,
        model,
        choices = new[] { new { index = 0, finish_reason = "stop", message } },
        usage = new { prompt_tokens = 120, completion_tokens = 9, total_tokens = 129 },
    }));

    private async Task HandleAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        _requests.Enqueue(new(context.Request.Path, context.Request.Headers.Authorization, body.RootElement.Clone()));
        _received.Release();
        try { await Answer(context); }
        catch (OperationCanceledException) { context.Abort(); }
    }
}
