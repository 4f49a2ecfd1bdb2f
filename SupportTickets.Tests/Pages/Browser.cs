using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(SupportTickets.Tests.Pages.Browser))]

namespace SupportTickets.Tests.Pages;

/// <summary>
/// The Chromium of this machine: CHROMIUM_PATH, else the first on the PATH. Where there is none, each test that needs it is skipped
/// by name. One process for all tests, started by the first that needs it; each reader has cookies and a storage of its own.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    /// <summary>The screens that pages are looked at on, by name.</summary>
    internal static readonly IReadOnlyDictionary<string, ViewportSize> Screens = new Dictionary<string, ViewportSize>
    {
        ["phone"] = new() { Width = 390, Height = 844 },
        ["wide"] = new() { Width = 1280, Height = 800 },
    };

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
            ViewportSize = phone ? Screens["phone"] : Screens["wide"],
            HasTouch = phone,
            Locale = "en-GB",
            TimezoneId = "Europe/Vienna",
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(15_000);
        return new Reader(context, await context.NewPageAsync(), desk);
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

    private static readonly string[] ColorRules = ["color-contrast", "link-in-text-block"];

    private readonly IBrowserContext _context;

    internal Reader(IBrowserContext context, IPage page, Uri desk)
    {
        (_context, Page) = (context, page);
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
    /// <param name="onlyColors">Whether only the rules about colours are asked.</param>
    public async Task<string[]> AxeAsync(bool onlyColors = false)
    {
        // Through the debugger, not through the page: its policy takes no such script.
        if (!await Page.EvaluateAsync<bool>("() => 'axe' in window"))
            await Page.EvaluateAsync(Axe.Value);
        // Without the lists of what is right, which nobody reads.
        return await Page.EvaluateAsync<string[]>("""
            async rules => (await axe.run(document, { resultTypes: ['violations'], ...(rules && { runOnly: rules }) })).violations
                .flatMap(v => v.nodes.map(n => `${v.id}: ${n.html} ${n.failureSummary}`))
            """, onlyColors ? ColorRules : null);
    }

    /// <summary>
    /// What is wrong with the look of the page as it is, on a phone and on a wide screen, dark and light: what axe finds, and whether
    /// it is wider than the screen. Where a folder for pictures is set, takes one of each.
    /// </summary>
    /// <param name="name">The name of the scene; the pictures are called after it, the theme and the screen.</param>
    /// <param name="fullPage">Whether the picture shows what is below the screen too.</param>
    public async Task<List<string>> LookAsync(string name, bool fullPage = true)
    {
        var problems = new List<string>();
        var opened = Page.ViewportSize!;
        await Page.LoadedAsync();
        // One page in all looks: loading it, and axe into it, is most of the work.
        foreach (var (screen, size) in Browser.Screens)
        {
            await Page.SetViewportSizeAsync(size.Width, size.Height);
            foreach (var theme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
            {
                await Page.EmulateMediaAsync(new() { ColorScheme = theme });
                var look = $"{name}-{(theme is ColorScheme.Dark ? "dark" : "light")}-{screen}";
                // The themes differ in their colours only.
                problems.AddRange((await AxeAsync(onlyColors: theme is ColorScheme.Light)).Select(problem => $"{look}: {problem}"));
                if (await OverflowAsync() is > 0 and var overflow)
                    problems.Add($"{look}: {overflow} px wider than the screen");
                if (Screenshots is not null)
                    await Page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, $"{look}.png"), FullPage = fullPage });
            }
        }
        // Small phones and half a screen: what fits at both ends need not fit between them.
        foreach (var width in (int[])[320, 720])
        {
            await Page.SetViewportSizeAsync(width, Browser.Screens["phone"].Height);
            if (await OverflowAsync() is > 0 and var overflow)
                problems.Add($"{name}: {overflow} px wider than a screen of {width} px");
        }
        await Page.SetViewportSizeAsync(opened.Width, opened.Height);
        return problems;
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private Task<int> OverflowAsync() =>
        Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
