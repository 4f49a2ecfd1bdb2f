using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SupportTickets.Data;
using SupportTickets.Hosting;

namespace SupportTickets.Tests.Hosting;

/// <summary>The host and the database as the application has them, with a test's own routes in place of the faces.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    public const string Secret = "0123456789-0123456789-0123456789";

    private readonly WebApplication _app;

    private TestHost(WebApplication app, HttpClient client, Logged log) => (_app, Client, Log) = (app, client, log);

    /// <summary>Does not follow redirects.</summary>
    public HttpClient Client { get; }

    public Logged Log { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Settings of a production behind a proxy, for those who want it.</summary>
    public static (string, string)[] Production(params (string, string)[] more) =>
        [("DEBUG", "False"), ("SECRET_KEY", Secret), ("ACCESS", "open"), .. more];

    public static async Task<TestHost> StartAsync(
        string databaseUrl, Action<WebApplication> map, bool kestrel = false, Action<IServiceCollection>? services = null,
        (string Name, string Value)[]? settings = null)
    {
        (string Name, string Value)[] all =
        [
            ("DATABASE_URL", databaseUrl),
            ("urls", kestrel ? "http://127.0.0.1:0" : ""),
            .. settings ?? [],
        ];
        var builder = WebApplication.CreateBuilder([.. all.Select(s => $"--{s.Name}={s.Value}")]);
        Assert.True(builder.TryReadSettings(out var read));
        builder.AddHosting(read);
        builder.Services.AddData(read.Database);
        var log = new Logged();
        builder.Logging.ClearProviders().AddProvider(log);
        services?.Invoke(builder.Services);
        if (!kestrel) builder.WebHost.UseTestServer();
        var app = builder.Build();
        app.UseHosting(read);
        map(app);
        app.MapHealth();
        await app.StartAsync(TestContext.Current.CancellationToken);
        var client = kestrel
            ? new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()) }
            : app.GetTestClient();
        return new(app, client, log);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>What was logged.</summary>
    internal sealed class Logged : ILoggerProvider
    {
        private readonly ConcurrentQueue<(string Category, LogLevel Level, string Text)> _lines = [];

        public IEnumerable<string> At(LogLevel least) => _lines.Where(l => l.Level >= least).Select(l => l.Text);

        public void Forget() => _lines.Clear();

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Logger(Logged log, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                log._lines.Enqueue((category, logLevel, formatter(state, exception) + exception));
        }
    }
}
