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
        const string Counts =
            """{"requests":[{"id":"1","method":"GET","url":"Tickets/$count"},{"id":"2","method":"GET","url":"Tickets/$count"}]}""";
        await AssertCostAsync(() => program.PostAsync("/odata/$batch", new StringContent(Counts, null, "application/json"), Cancel), 3);
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
    public async Task An_attempt_to_sign_in_is_counted_by_key_where_it_comes_from_and_for_the_account(Provider provider)
    {
        await using var feed = await FeedDesk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var person = await feed.Desk.AddPersonAsync(Role.agent);
        foreach (var (password, statements) in ((string, string[])[])
        [
            ("wrong", ["SELECT", "SELECT", "INSERT", "INSERT"]),
            (People.Password, ["SELECT", "SELECT", "UPDATE", "UPDATE", "DELETE", "UPDATE"]),
        ])
        {
            using var browser = feed.Desk.NewClient();
            feed.Forget();
            using var answer = await browser.SignInAsync(person.Email!, password);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join("\n\n", feed.Sql));
            var counting = feed.Sql.Where(sql => sql.Contains("guess_counts", StringComparison.Ordinal)).ToList();
            Assert.Equal(statements, counting.Select(sql => sql.Split((char[])[' ', '\n'])[0]));
            Assert.All(counting, sql => Assert.Matches("key_hash\"? = |ON CONFLICT", sql));
        }
    }
}
