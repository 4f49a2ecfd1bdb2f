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

    /// <summary>Screens between them and below: what fits at both ends need not fit there.</summary>
    internal static readonly IReadOnlyDictionary<string, ViewportSize> OtherScreens = new Dictionary<string, ViewportSize>
    {
        ["small"] = new() { Width = 320, Height = 640 },
        ["half"] = new() { Width = 720, Height = 800 },
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
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--js-flags=--single-threaded"],
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

    // Of all other rules only this one asks for the layout. The rest ask for the page and what of it is shown.
    private static readonly string[] LayoutRules = ["scrollable-region-focusable"];

    // Each element that is shown, by its place in the page, and what of its style the rules about colours ask for.
    private const string Shown = """
        () => [...document.body.querySelectorAll("*")].flatMap((element, place) => {
          if (!element.checkVisibility({ visibilityProperty: true })) return [];
          const style = getComputedStyle(element);
          const seen = ["display", "position", "color", "background-color", "background-image", "opacity", "font-size", "font-weight",
            "text-decoration-line"].map((name) => style.getPropertyValue(name));
          return [`${place}|${seen.join("|")}`];
        })
        """;

    // Messages that touch what stands below them.
    private const string Touching = """
        () => [...document.querySelectorAll("[data-outcome], [data-errors]")].filter((message) => {
          const next = message.nextElementSibling;
          return next?.checkVisibility() && next.offsetHeight > 1
            && next.getBoundingClientRect().top - message.getBoundingClientRect().bottom < 8;
        }).map((message) => message.outerHTML)
        """;

    // The CI asks axe at the widths in between too; see docs/decisions/0027-tests.md.
    private static readonly bool AsksAtAllWidths = Environment.GetEnvironmentVariable("TEST_WIDTHS") == "all";

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
    /// <param name="rules">The rules that are asked; null for all.</param>
    public async Task<string[]> AxeAsync(string[]? rules = null)
    {
        // Through the debugger, not through the page: its policy takes no such script.
        if (!await Page.EvaluateAsync<bool>("() => 'axe' in window"))
            await Page.EvaluateAsync(Axe.Value);
        // Without the lists of what is right, which nobody reads.
        return await Page.EvaluateAsync<string[]>("""
            async rules => (await axe.run(document, { resultTypes: ['violations'], ...(rules && { runOnly: rules }) })).violations
                .flatMap(v => v.nodes.map(n => `${v.id}: ${n.html} ${n.failureSummary}`))
            """, rules);
    }

    /// <summary>
    /// What is wrong with the look of the page as it is, on screens of four widths, dark and light: what axe finds, and whether it is
    /// wider than the screen; and whether a message touches what stands below it. Where a folder for pictures is set, takes those of a
    /// phone and of a wide screen.
    /// </summary>
    /// <param name="name">The name of the scene; the pictures are called after it, the theme and the screen.</param>
    /// <param name="fullPage">Whether the picture shows what is below the screen too.</param>
    public async Task<List<string>> LookAsync(string name, bool fullPage = true)
    {
        var problems = new List<string>();
        var opened = Page.ViewportSize!;
        await Page.LoadedAsync();
        // One page in all looks: loading it, and axe into it, is most of the work.
        var asked = new List<string[]>();
        foreach (var (screen, size) in Browser.Screens)
        {
            await Page.SetViewportSizeAsync(size.Width, size.Height);
            foreach (var theme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
            {
                await ThemeAsync(theme);
                var look = $"{name}-{(theme is ColorScheme.Dark ? "dark" : "light")}-{screen}";
                // The themes differ in their colours only.
                await AskAsync(look, theme is ColorScheme.Light ? ColorRules : null);
                if (Screenshots is not null)
                    await Page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, $"{look}.png"), FullPage = fullPage });
            }
            if (AsksAtAllWidths) asked.Add(await Page.EvaluateAsync<string[]>(Shown));
            problems.AddRange((await Page.EvaluateAsync<string[]>(Touching)).Select(message => $"{name}-{screen}: touches: {message}"));
        }
        foreach (var (screen, size) in Browser.OtherScreens)
        {
            await Page.SetViewportSizeAsync(size.Width, size.Height);
            if (AsksAtAllWidths) await AskOnlyWhatDiffersAsync($"{name}-{screen}", asked);
            else await FitsAsync($"{name}-{screen}");
        }
        await Page.SetViewportSizeAsync(opened.Width, opened.Height);
        return problems;

        Task ThemeAsync(ColorScheme theme) => Page.EmulateMediaAsync(new() { ColorScheme = theme });

        async Task AskAsync(string look, string[]? rules)
        {
            problems.AddRange((await AxeAsync(rules)).Select(problem => $"{look}: {problem}"));
            await FitsAsync(look);
        }

        async Task FitsAsync(string look)
        {
            if (await OverflowAsync() is > 0 and var overflow)
                problems.Add($"{look}: {overflow} px wider than the screen");
        }

        // Where exactly the same is shown as on a screen that was asked about, only the layout differs; where each element that is
        // shown has a look that it has on one of them, the colours do not differ.
        async Task AskOnlyWhatDiffersAsync(string look, List<string[]> asked)
        {
            var shown = await Page.EvaluateAsync<string[]>(Shown);
            var isSame = asked.Any(other => other.Select(Place).SequenceEqual(shown.Select(Place)));
            await AskAsync(look, isSame ? LayoutRules : null);
            if (!shown.Except(asked.SelectMany(other => other)).Any())
                return;
            foreach (var theme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
            {
                await ThemeAsync(theme);
                await AskAsync($"{look}-{theme}", ColorRules);
            }
        }

        static string Place(string shown) => shown[..shown.IndexOf('|', StringComparison.Ordinal)];
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private Task<int> OverflowAsync() =>
        Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
