using System.IO.Compression;
using Microsoft.Playwright;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Pages;

/// <summary>How the pages arrive: nothing moves once it is there, and the first load is light.</summary>
public sealed class FirstLoadTests(Browser browser)
{
    private const double MaxShift = 0.05;

    private const int MaxBytes = 80 * 1024;

    // Counted from the first moment on. All shifts together are no less than those of one second, which is what the limit is about.
    private const string CountShifts = """
        window.shifts = [];
        new PerformanceObserver((list) => {
          for (const { hadRecentInput, value, sources } of list.getEntries()) {
            const what = sources.map(({ node }) => (node?.outerHTML ?? node?.textContent ?? "").slice(0, 60)).join(" | ");
            if (!hadRecentInput) window.shifts.push({ value, what });
          }
        }).observe({ type: "layout-shift", buffered: true });
        """;

    private const string IsPainted =
        "() => document.readyState !== 'loading' && performance.getEntriesByName('first-contentful-paint').length > 0";

    // Two frames: the first one draws what the scripts did, and its shifts are told before the second.
    private const string Settled =
        "async () => { await document.fonts.ready; for (const _ of [1, 2]) await new Promise(requestAnimationFrame); }";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_moves_after_the_first_paint(bool phone)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await SampleTickets.AddAsync(desk.Database, DateTime.UtcNow, days: 8, Cancel);
        var talked = await AppearanceTests.TalkAsync(desk);
        await using var reader = await browser.OpenAsync(desk.Address, phone: phone);
        var page = reader.Page;
        await page.SignInAsync(await desk.AddPersonAsync(Role.agent, "Grace Hopper"), "/connect");
        await page.AddInitScriptAsync(CountShifts);
        var problems = new List<string>();
        foreach (var path in (string[])["/tickets", $"/tickets/{talked}", "/", "/tickets/new", "/requesters", "/settings/tokens"])
        {
            await OpenAsync(page, path);
            if (path == "/tickets") Assert.Equal(50, await page.Locator("tbody tr").CountAsync());
            var shifts = await page.EvaluateAsync<Shift[]>("() => window.shifts");
            if (shifts.Sum(shift => shift.Value) > MaxShift)
                problems.AddRange(shifts.Select(shift => $"{path}: {shift.Value:0.000} by {shift.What}"));
        }
        Assert.True(problems.Count == 0, string.Join('\n', problems));
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public async Task A_first_visit_is_light()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        await SampleTickets.AddAsync(desk.Database, DateTime.UtcNow, days: 8, Cancel);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.SignInAsync(await desk.AddPersonAsync(Role.agent, "Grace Hopper"), "/connect");
        var tab = await page.Context.NewCDPSessionAsync(page);
        await tab.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true }); // it knows the files from signing in
        var responses = new List<IResponse>();
        page.Response += (_, response) =>
        {
            if (response.Request.ResourceType != "eventsource") responses.Add(response); // it has no end
        };
        foreach (var path in (string[])["/tickets", "/"])
        {
            responses.Clear();
            await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.NetworkIdle });
            if (path == "/tickets") Assert.Equal(50, await page.Locator("tbody tr").CountAsync());
            var bytes = 0L;
            foreach (var response in responses) bytes += await BytesAsync(response);
            foreach (var kind in (string[])["document", "stylesheet", "script"])
                Assert.Contains(responses, response => response.Request.ResourceType == kind);
            Assert.InRange(bytes, 1, MaxBytes);
        }
    }

    // Loads a page as a slow network does: its scripts come when it is painted. On a fast one they would always be there before.
    private static async Task OpenAsync(IPage page, string path)
    {
        var painted = new TaskCompletionSource();
        await page.RouteAsync("**/js/**", async route =>
        {
            if (!route.Request.Url.Contains("theme", StringComparison.Ordinal)) await painted.Task; // that one holds up the paint
            await route.ContinueAsync();
        });
        await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Commit });
        await page.WaitForFunctionAsync(IsPainted);
        await page.EvaluateAsync(Settled);
        painted.SetResult();
        await page.LoadedAsync();
        await page.EvaluateAsync(Settled);
        await page.UnrouteAllAsync();
    }

    // On the wire. A desk that is not published has its files uncompressed; published, they are at least as small as here.
    private static async Task<long> BytesAsync(IResponse response)
    {
        var sizes = await response.Request.SizesAsync();
        if (response.Request.ResourceType == "document")
        {
            Assert.True(response.Headers.ContainsKey("content-encoding"), "The page came uncompressed.");
            return sizes.ResponseHeadersSize + sizes.ResponseBodySize;
        }
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(await response.BodyAsync(), Cancel);
        return sizes.ResponseHeadersSize + compressed.Length;
    }

    private sealed record Shift
    {
        public double Value { get; init; }

        public string What { get; init; } = "";
    }
}
