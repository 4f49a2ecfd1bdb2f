using SupportTickets.Tests.Fixtures;
namespace SupportTickets.Tests.OData.Apply;
public sealed class Scratch(ITestOutputHelper output)
{
    [Theory, Providers]
    public async Task Probe(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(30);
        foreach (var line in await File.ReadAllLinesAsync("/tmp/apply-queries.txt", TestContext.Current.CancellationToken))
        {
            if (line.Length == 0) continue;
            desk.Forget();
            using var answer = await desk.Client.GetAsync("/odata/" + line, TestContext.Current.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            output.WriteLine($"## {provider} {line}\n   {(int)answer.StatusCode} {(text.Length > 600 ? text[..600] : text)}");
            foreach (var sql in desk.Sql) output.WriteLine("   " + sql.ReplaceLineEndings(" "));
        }
    }
}
