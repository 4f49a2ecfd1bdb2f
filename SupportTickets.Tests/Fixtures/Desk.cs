using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tests.Fixtures;

/// <summary>
/// The whole application on a database of its own. What a test does not set has its default, whatever the machine's environment
/// says.
/// </summary>
public sealed class Desk : IAsyncDisposable
{
    private static readonly string[] AllSettings =
    [
        "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "CORS_ALLOWED_ORIGINS", "CSRF_TRUSTED_ORIGINS", "POSTGRES_HOST", "PGSSLMODE",
        "OPENAI_API_KEY", "OPENAI_CLASSIFY_MODEL", "OPENAI_TIMEOUT_SECONDS", "OPENAI_MAX_RETRIES", "OPENAI_BASE_URL", "PORT", "ACCESS",
        "ACCESS_LOG_DAYS", "ASK_REQUESTER", "ADMIN_EMAIL", "ADMIN_PASSWORD", "MAX_REQUEST_BYTES",
        "SECURE_SSL_REDIRECT", "STATEMENT_TIMEOUT_SECONDS", "POSTGRES_PREPARE",
        "ODATA_MAX_URL_LENGTH", "ODATA_MAX_NODES", "ODATA_MAX_DEPTH", "ODATA_MAX_LIST_LENGTH", "ODATA_MAX_EXPAND_DEPTH",
        "ODATA_PAGE_SIZE", "ODATA_MAX_PAGE_SIZE", "ODATA_MAX_PAGE_BYTES", "ODATA_MAX_BATCH_PARTS", "ODATA_MAX_BATCH_BYTES",
        "ODATA_MAX_BATCH_SECONDS", "RATE_LIMIT_SIGN_IN", "RATE_LIMIT_ANONYMOUS", "RATE_LIMIT_API", "TRUSTED_PROXIES",
        "MAX_ATTACHMENT_BYTES", "MAX_TICKET_ATTACHMENT_BYTES", "ATTACHMENTS_DIR",
    ];

    private readonly Factory _factory;

    private readonly bool _ownsDatabase;

    private Desk(TestDatabase database, bool ownsDatabase, Factory factory) =>
        (Database, _ownsDatabase, _factory) = (database, ownsDatabase, factory);

    public TestDatabase Database { get; }

    public IServiceProvider Services => _factory.Services;

    /// <summary>A client that does not follow redirects.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>The address a browser can open; only of a desk started with <c>kestrel: true</c>.</summary>
    public Uri Address => _factory.ClientOptions.BaseAddress;

    /// <summary>Starts a desk.</summary>
    /// <param name="provider">Where its data is.</param>
    /// <param name="clock">Its time; null for the real one.</param>
    /// <param name="kestrel">Whether it listens on a port.</param>
    /// <param name="services">Changes what the application registered.</param>
    /// <param name="settings">What differs from the defaults.</param>
    public static async Task<Desk> StartAsync(
        Provider provider, TimeProvider? clock = null, bool kestrel = false, Action<IServiceCollection>? services = null,
        params (string Name, string Value)[] settings)
    {
        var database = await TestDatabase.CreateAsync(provider);
        return Start(database, ownsDatabase: true, clock, kestrel, services, settings);
    }

    /// <summary>Another instance over a database that exists, and that stays when this one is gone.</summary>
    public static Desk Start(
        TestDatabase database, TimeProvider? clock = null, bool kestrel = false, Action<IServiceCollection>? services = null,
        params (string Name, string Value)[] settings) =>
        Start(database, ownsDatabase: false, clock, kestrel, services, settings);

    private static Desk Start(
        TestDatabase database, bool ownsDatabase, TimeProvider? clock, bool kestrel, Action<IServiceCollection>? services,
        (string Name, string Value)[] settings)
    {
        // The address is a setting: a port given to the factory is set while the program starts, and may come too late.
        if (kestrel) settings = [.. settings, (WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0")];
        var factory = new Factory(database.Url, clock, services, settings);
        factory.ClientOptions.AllowAutoRedirect = false;
        if (kestrel)
        {
            factory.UseKestrel();
            factory.StartServer();
        }
        var desk = new Desk(database, ownsDatabase, factory);
        desk.Client = factory.CreateClient();
        return desk;
    }

    /// <summary>Makes the desk as good as a new one for the next test: nothing is stored in it, and its client has no cookies.</summary>
    public async Task EmptyAsync()
    {
        Client.Dispose();
        Client = _factory.CreateClient();
        await Database.EmptyAsync();
    }

    /// <summary>Another client, with cookies of its own, that does not follow redirects.</summary>
    public HttpClient NewClient() => _factory.CreateClient();

    /// <summary>All tickets with their events, as they are stored.</summary>
    public async Task<List<Ticket>> TicketsAsync()
    {
        await using var db = Database.Open();
        return await db.Tickets.AsNoTracking().Include(t => t.Events).OrderBy(t => t.Id).ToListAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Creates a ticket through the core.</summary>
    public async Task<Ticket> AddTicketAsync(
        string title = "A title", string description = "A description", Category category = Category.general,
        Priority priority = Priority.low, Status status = Status.open)
    {
        await using var scope = Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<CreateTicket>().HandleAsync(
            new TicketInput
            {
                Title = Supplied.Of(title),
                Description = Supplied.Of(description),
                Category = Supplied.Of(category.ToString()),
                Priority = Supplied.Of(priority.ToString()),
                Status = Supplied.Of(status.ToString()),
            },
            new Origin("tester", Channel.web), SeenSuggestions.None, TestContext.Current.CancellationToken);
        return result.Value;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _factory.DisposeAsync();
        if (_ownsDatabase) await Database.DisposeAsync();
    }

    private sealed class Factory(
        string url, TimeProvider? clock, Action<IServiceCollection>? services, (string Name, string Value)[] settings)
        : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            foreach (var name in AllSettings) builder.UseSetting(name, "");
            builder.UseSetting("DATABASE_URL", url);
            builder.UseSetting("TRIAGE", "off"); // scores are those of the test, not of a model
            builder.UseSetting("hostBuilder:reloadConfigOnChange", "false"); // else each desk watches all folders of the repository
            foreach (var (name, value) in settings) builder.UseSetting(name, value);
            builder.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
            builder.ConfigureServices(collection =>
            {
                // What is slow on purpose is tested once.
                collection.PostConfigure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1);
                SharedPages.Use(collection);
                WithoutWarmUp.Use(collection);
                if (clock is not null) collection.AddSingleton(clock);
                services?.Invoke(collection);
            });
        }
    }
}
