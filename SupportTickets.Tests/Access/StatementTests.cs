using System.Net;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;

namespace SupportTickets.Tests.Access;

/// <summary>What knowing the caller costs.</summary>
public sealed class StatementTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_credential_costs_a_request_one_statement_and_a_batch_one_for_all_its_parts(Provider provider)
    {
        await using var feed = await FeedDesk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var person = await feed.Desk.AddPersonAsync(Role.agent);
        await feed.SeedAsync(1);
        using var program = feed.Desk.ClientWith((await feed.Desk.AddTokenAsync(person)).Text);
        using var browser = await feed.Desk.SignedInAsync(person);
        (await program.GetAsync("/api/", Cancel)).EnsureSuccessStatusCode(); // keeps when the token was used
        await AssertCostAsync(() => program.GetAsync("/api/", Cancel), 1);
        await AssertCostAsync(() => browser.GetAsync("/api/", Cancel), 1);
        await AssertCostAsync(() => program.GetAsync("/odata/Tickets(1)", Cancel), 2);
        await AssertCostAsync(() => program.PostAsync("/odata/$batch", new StringContent(
            """{"requests":[{"id":"1","method":"GET","url":"Tickets/$count"},{"id":"2","method":"GET","url":"Tickets/$count"}]}""", null, "application/json"), Cancel), 3);
        await AssertCostAsync(() => browser.GetAsync("/css/base.css", Cancel), 0);
        await AssertCostAsync(() => feed.Client.GetAsync("/odata/Tickets", Cancel), 0, HttpStatusCode.Unauthorized);

        async Task AssertCostAsync(Func<Task<HttpResponseMessage>> ask, int statements, HttpStatusCode status = HttpStatusCode.OK)
        {
            feed.Forget();
            using var answer = await ask();
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join("\n\n", feed.Sql));
            Assert.Equal((status, statements), (answer.StatusCode, feed.Sql.Count));
        }
    }

    [Theory, Providers]
    public async Task Signing_in_counts_the_attempt_in_one_statement(Provider provider)
    {
        await using var feed = await FeedDesk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var person = await feed.Desk.AddPersonAsync(Role.agent);
        using var browser = feed.Desk.NewClient();
        feed.Forget();
        using var answer = await browser.SignInAsync(person.Email!, People.Password);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join("\n\n", feed.Sql));
        var update = Assert.Single(feed.Sql, sql => sql.StartsWith("UPDATE", StringComparison.Ordinal) && sql.Contains("CASE"));
        Assert.Contains("WHERE", update);
        Assert.Contains("locked_until", update[update.IndexOf("WHERE", StringComparison.Ordinal)..]);
    }
}
