using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SupportTickets.Access;
using SupportTickets.Access.Accounts;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Hosting;

namespace SupportTickets.Tests.Access;

public sealed class FirstStartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [CombinedProviders("closed")]
    [CombinedProviders("submit")]
    public async Task A_desk_without_anybody_prints_a_link_that_works_and_none_once_there_is_somebody(Provider provider, string mode)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (first, second) = (new TestHost.Logged(), new TestHost.Logged());
        await using var desk = await StartAsync(database, mode, first);
        var link = Regex.Match(Assert.Single(Said(first)), @"/setup\?code=[\w%-]+").Value;
        Assert.Equal(HttpStatusCode.OK, (await desk.Client.GetAsync(link, Cancel)).StatusCode);
        await desk.AddPersonAsync(Role.admin);
        await using var again = await StartAsync(database, mode, second);
        Assert.Empty(Said(second));
        Assert.Equal(HttpStatusCode.NotFound, (await again.Client.GetAsync(link, Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("open")]
    [InlineData("closed", "ADMIN_EMAIL", "ADMIN_PASSWORD")]
    public async Task No_link_is_printed_where_none_is_needed(string mode, params string[] admin)
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        var settings = admin.Zip((string[])["root@example.com", People.Password]);
        var log = new TestHost.Logged();
        await using var desk = await StartAsync(database, mode, log, [.. settings]);
        Assert.Empty(Said(log));
    }

    private static async Task<Desk> StartAsync(TestDatabase database, string mode, TestHost.Logged log, params (string, string)[] settings)
    {
        var desk = Desk.Start(
            database,
            services: services =>
                services.AddSingleton<ILoggerProvider>(log).Configure<LoggerFilterOptions>(o => o.MinLevel = LogLevel.Information),
            settings: [("ACCESS", mode), ("SECRET_KEY", TestHost.Secret), .. settings]);
        await desk.Services.GetServices<IHostedService>().OfType<FirstStart>().Single().ExecuteTask!.WaitAsync(Cancel);
        return desk;
    }

    private static IEnumerable<string> Said(TestHost.Logged log) => log.At(LogLevel.Information).Where(line => line.Contains("/setup"));
}
