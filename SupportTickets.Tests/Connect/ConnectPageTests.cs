using System.Net;
using System.Text.RegularExpressions;
using SupportTickets.Connect;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Pages;

namespace SupportTickets.Tests.Connect;

public sealed class ConnectPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_explains_five_programs_in_three_steps_each_and_is_in_the_bar_of_every_page()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        await desk.AddTicketAsync();
        var site = new Site(desk);
        Assert.Equal("/connect", (await site.GetAsync("/")).Href(".bar nav a:nth-child(4)"));

        var page = await site.GetAsync("/connect");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("Connect", page.Text(".bar [aria-current]"));
        Assert.Equal(["Excel", "Power BI", "curl", "Python", "C#"], page.Texts(".how:has(.steps) h2"));
        Assert.All(page.Document.QuerySelectorAll(".steps"), steps => Assert.Equal(3, steps.ChildElementCount));
        Assert.Equal(
            ConnectFile.All.Select(f => $"/connect/{f.Name}"),
            page.Document.QuerySelectorAll(".files a").Select(a => a.GetAttribute("href")!));
        foreach (var link in page.Document.QuerySelectorAll("main a").Select(a => a.GetAttribute("href")!).Distinct())
            Assert.Equal(HttpStatusCode.OK, (await desk.Client.GetAsync(link, Cancel)).StatusCode);
    }

    [Fact]
    public async Task The_addresses_in_its_samples_answer()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        await desk.AddTicketAsync();
        var page = await new Site(desk).GetAsync("/connect");
        var samples = page.Document.QuerySelectorAll(".code").Select(c => c.TextContent).ToList();
        Assert.Equal(4, samples.Count);
        foreach (var sample in samples)
        {
            var address = Regex.Match(sample, @"http://localhost/odata/[^""\s]*").Value;
            var options = Regex
                .Matches(sample, @"--data-urlencode (['""])\\?(\$\w+)=(.*?)\1 *\\?(?:\n|$)")
                .Select(m => $"{m.Groups[2].Value}={Uri.EscapeDataString(m.Groups[3].Value)}")
                .ToList();
            if (options.Count > 0)
                address += "?" + string.Join('&', options);
            Assert.Equal(sample.StartsWith("curl", StringComparison.Ordinal) ? 3 : 0, options.Count);
            using var answer = await desk.Client.GetAsync(address, Cancel);
            Assert.True(answer.IsSuccessStatusCode, $"{address}: {await answer.Content.ReadAsStringAsync(Cancel)}");
        }
    }
}
