using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(SupportTickets.Tests.Pages.Browser))]

namespace SupportTickets.Tests.Pages;

/// <summary>
/// The Chromium of this machine: CHROMIUM_PATH, else the first on the PATH. Where there is none, each test that needs it is skipped
/// by name. One process for all tests, started by the first that needs it; each reader has cookies and a storage of its own.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    private readonly Lazy<Task<IBrowser?>> _browser;
    private IPlaywright? _playwright;

    public Browser() => _browser = new(StartAsync);

    /// <summary>A reader with nothing remembered. What goes wrong on its pages is gathered in <see cref="Reader.Complaints"/>.</summary>
    public async Task<Reader> OpenAsync(Uri desk, bool javaScript = true, bool phone = false)
    {
        var started = await _browser.Value;
        Assert.SkipWhen(started is null, "No Chromium: install it or set CHROMIUM_PATH.");
        var context = await started!.NewContextAsync(new()
        {
            BaseURL = desk.ToString(),
            JavaScriptEnabled = javaScript,
            ColorScheme = ColorScheme.Light,
            ViewportSize = phone ? new() { Width = 390, Height = 844 } : new() { Width = 1280, Height = 800 },
            HasTouch = phone,
            Locale = "en-GB",
            TimezoneId = "Europe/Vienna",
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(15_000);
        return new Reader(context, await context.NewPageAsync(), desk, phone ? "phone" : "wide");
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser.IsValueCreated && await _browser.Value is { } started) await started.DisposeAsync();
        _playwright?.Dispose();
    }

    private async Task<IBrowser?> StartAsync()
    {
        if (Find() is not { } path)
            return null;
        _playwright = await Playwright.CreateAsync();
        return await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
        });
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } path)
            return path;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        // The shell is the browser without its windows: a context takes a quarter of the work, a page half.
        string[] names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
        return folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}

/// <summary>Somebody with a browser of their own.</summary>
public sealed class Reader : IAsyncDisposable
{
    private static readonly string? Screenshots =
        Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder ? folder : null;

    private static readonly Lazy<string> Axe = new(() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Pages", "axe.min.js")));

    private readonly IBrowserContext _context;
    private readonly string _screen;

    internal Reader(IBrowserContext context, IPage page, Uri desk, string screen)
    {
        (_context, Page, _screen) = (context, page, screen);
        page.Console += (_, message) =>
        {
            // The browser itself reports an answer of 4xx that a test asks for.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                Complaints.Add(message.Text);
        };
        page.PageError += (_, error) => Complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != desk.Authority) Complaints.Add($"asked another host: {request.Url}");
        };
        page.RequestFailed += (_, request) =>
        {
            if (request.Failure != "net::ERR_ABORTED") Complaints.Add($"{request.Url}: {request.Failure}");
        };
    }

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    /// <summary>What axe finds on the page as it is.</summary>
    public async Task<string[]> AxeAsync()
    {
        // Through the debugger, not through the page: its policy takes no such script.
        if (!await Page.EvaluateAsync<bool>("() => 'axe' in window"))
            await Page.EvaluateAsync(Axe.Value);
        // Without the lists of what is right, which nobody reads.
        return await Page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
                .flatMap(v => v.nodes.map(n => `${v.id}: ${n.html} ${n.failureSummary}`))
            """);
    }

    /// <summary>
    /// What is wrong with the look of the page as it is, light and dark: what axe finds, and whether it is wider than the screen.
    /// Where a folder for pictures is set, takes one of each.
    /// </summary>
    /// <param name="name">The name of the scene; the pictures are called after it, the theme and the screen.</param>
    /// <param name="fullPage">Whether the picture shows what is below the screen too.</param>
    public async Task<List<string>> LookAsync(string name, bool fullPage = true)
    {
        var problems = new List<string>();
        // One page in both themes: loading it, and axe into it, is most of the work.
        foreach (var theme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
        {
            await Page.EmulateMediaAsync(new() { ColorScheme = theme });
            var look = $"{name}-{(theme is ColorScheme.Dark ? "dark" : "light")}-{_screen}";
            problems.AddRange((await AxeAsync()).Select(problem => $"{look}: {problem}"));
            var overflow =
                await Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (overflow > 0)
                problems.Add($"{look}: {overflow} px wider than the screen");
            if (Screenshots is not null)
                await Page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, $"{look}.png"), FullPage = fullPage });
        }
        return problems;
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
