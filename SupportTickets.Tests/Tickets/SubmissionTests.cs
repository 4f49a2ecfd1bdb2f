using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Batch;
using SupportTickets.Tests.Triage;
using SupportTickets.Tickets.Submissions;

namespace SupportTickets.Tests.Tickets;

/// <summary>A ticket that is sent again under its key is not taken twice, whichever face it comes by.</summary>
public sealed class SubmissionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, CombinedProviders(Face.Rest), CombinedProviders(Face.OData), CombinedProviders(Face.Pages)]
    public async Task What_is_sent_again_is_answered_as_the_first_time_and_nothing_else_happens(Provider provider, Face face)
    {
        await using var provided = await StandIn.StartAsync();
        await using var desk = await Desk.StartAsync(provider, settings: provided.Settings);
        var first = await desk.Client.CreateAsync(face, "key 1");
        var before = await desk.StoredAsync();
        Assert.Equal((HttpStatusCode.Created, 1), (first.Status, first.Id));
        Assert.Equal((1, 1, 1, 1, 1), (before.Tickets, before.Events, before.Submissions, before.Results, provided.Requests.Count));

        // Spelled otherwise, stored alike: it is the same ticket.
        foreach (var title in (string[])["A title", "  A title "])
            Assert.Equal(first, await desk.Client.CreateAsync(face, "key 1", title));
        Assert.Equal((before, 1), (await desk.StoredAsync(), provided.Requests.Count));

        var other = await desk.Client.CreateAsync(face, "key 1", "Another title");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, null), (other.Status, other.Id));
        Assert.Contains(face == Face.Pages ? "became ticket #1" : "Something else was created under this Idempotency-Key.", other.Words);
        Assert.Equal((before, 1), (await desk.StoredAsync(), provided.Requests.Count));

        // What was refused has used up nothing.
        Assert.Equal(
            face == Face.Pages ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.BadRequest,
            (await desk.Client.CreateAsync(face, "key 2", "")).Status);
        Assert.Equal((HttpStatusCode.Created, 2), await StatusAsync("key 2"));
        Assert.Equal((HttpStatusCode.Created, 3), await StatusAsync(null));
        Assert.Equal((HttpStatusCode.Created, 4), await StatusAsync(null));
        Assert.Equal((4, 2), ((await desk.StoredAsync()).Tickets, (await desk.StoredAsync()).Submissions));

        async Task<(HttpStatusCode, int?)> StatusAsync(string? key) =>
            await desk.Client.CreateAsync(face, key) is var answer ? (answer.Status, answer.Id) : default;
    }

    [Theory, InlineData(Face.Rest), InlineData(Face.OData), InlineData(Face.Pages)]
    public async Task A_key_is_1_to_255_printable_characters(Face face)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        string[] empty = face == Face.Pages ? ["", "   "] : []; // the test server drops an empty header; see below
        foreach (var bad in (string[])[.. empty, new string('k', 256), "kéy", "key\tkey"])
        {
            var refused = await desk.Client.CreateAsync(face, bad);
            Assert.Equal((bad, HttpStatusCode.BadRequest), (bad, refused.Status));
            Assert.Contains(
                face == Face.Pages ? "without its mark" : "An Idempotency-Key is 1 to 255 printable ASCII characters.", refused.Words);
        }
        Assert.Equal(0, (await desk.StoredAsync()).Tickets);
        Assert.Equal(HttpStatusCode.Created, (await desk.Client.CreateAsync(face, new string('k', 255))).Status);
    }

    [Fact]
    public async Task A_key_may_have_the_quotes_of_a_structured_field()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        Assert.Equal(1, (await desk.Client.CreateAsync(Face.Rest, "\"8e03978e-40d5\"")).Id);
        Assert.Equal(1, (await desk.Client.CreateAsync(Face.OData, "8e03978e-40d5")).Id);
        foreach (var bad in (string[])["\"\"", "\" \"", ""])
            Assert.Equal((bad, HttpStatusCode.BadRequest), (bad, (await desk.Client.CreateAsync(Face.Rest, bad)).Status));
    }

    [Theory, CombinedProviders(Face.Rest), CombinedProviders(Face.OData), CombinedProviders(Face.Pages)]
    public async Task Of_many_that_come_at_once_to_several_instances_one_is_taken_and_all_get_it(Provider provider, Face face)
    {
        await using var one = await Desk.StartAsync(provider);
        var two = Desk.Start(one.Database);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(n => Task.Run(() => (n % 2 == 0 ? one : two).NewClient().CreateAsync(face, "the key"))));
        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Created, answers[0].Id), (answer.Status, answer.Id)));
        var stored = await one.StoredAsync();
        Assert.Equal((1, 1, 1), (stored.Tickets, stored.Events, stored.Submissions));
        two.Client.Dispose();
    }

    [Theory, Providers]
    public async Task One_that_was_faster_meanwhile_wins_and_the_other_leaves_nothing(Provider provider)
    {
        await using var provided = await StandIn.StartAsync();
        await using var desk = await Desk.StartAsync(provider, settings: [.. provided.Settings, ("OPENAI_TIMEOUT_SECONDS", "60")]);
        var release = new TaskCompletionSource();
        var says = provided.Answer;
        provided.Answer = async context =>
        {
            await release.Task;
            await says(context);
        };
        // Neither finds the key, so both ask the provider before they store.
        var both = (Task<KeyedAnswer>[])
            [desk.Client.CreateAsync(Face.Rest, "the key"), desk.NewClient().CreateAsync(Face.OData, "the key")];
        await provided.ReceivedAsync();
        await provided.ReceivedAsync();
        release.SetResult();
        var answers = await Task.WhenAll(both);
        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Created, answers[0].Id), (answer.Status, answer.Id)));
        var stored = await desk.StoredAsync();
        Assert.Equal((1, 1, 1, 1), (stored.Tickets, stored.Events, stored.Submissions, stored.Results));
    }

    [Theory, Providers]
    public async Task Keys_of_different_callers_have_nothing_to_do_with_each_other(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var (ada, eve) = (await desk.AddPersonAsync(Role.agent, "Ada"), await desk.AddPersonAsync(Role.agent, "Eve"));
        using var adas = desk.ClientWith((await desk.AddTokenAsync(ada)).Text);
        using var adasOther = desk.ClientWith((await desk.AddTokenAsync(ada)).Text);
        using var eves = desk.ClientWith((await desk.AddTokenAsync(eve)).Text);
        var first = await adas.CreateAsync(Face.Rest, "the key");
        Assert.Equal(1, first.Id);
        Assert.Equal(1, (await adasOther.CreateAsync(Face.OData, "the key")).Id);
        var second = await eves.CreateAsync(Face.Rest, "the key", "Of Eve");
        Assert.Equal((HttpStatusCode.Created, 2), (second.Status, second.Id));
        Assert.DoesNotContain("A title", second.Words);
        Assert.Equal(3, (await desk.Client.CreateAsync(Face.Pages, "the key", "Of nobody")).Id);
        using var adasBrowser = await desk.SignedInAsync(ada);
        Assert.Equal(1, (await adasBrowser.CreateAsync(Face.Pages, "the key")).Id);
        // What is stored cannot be sent.
        await using var db = desk.Database.Open();
        Assert.All(await db.Submissions.ToListAsync(Cancel), s => Assert.Equal((32, 32), (s.KeyHash.Length, s.Digest.Length)));
    }

    [Theory, Providers]
    public async Task The_ticket_is_given_as_it_is_now_and_one_that_was_deleted_stays_deleted(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        foreach (var face in (Face[])[Face.Rest, Face.OData, Face.Pages])
        {
            var key = $"key of {face}";
            var id = (await desk.Client.CreateAsync(face, key)).Id!.Value;
            Assert.Equal(
                HttpStatusCode.OK,
                (await desk.ChangeAsync(Face.Rest, id, new Dictionary<string, object?> { ["status"] = "resolved" })).Status);
            var again = await desk.Client.CreateAsync(face, key);
            Assert.Equal((HttpStatusCode.Created, id), (again.Status, again.Id));
            if (face != Face.Pages) Assert.Contains("resolved", again.Words);
            if (face != Face.Pages) Assert.Equal("\"2\"", again.ETag);

            Assert.Equal(HttpStatusCode.NoContent, (await desk.Client.DeleteAsync($"/odata/Tickets({id})", Cancel)).StatusCode);
            var gone = await desk.Client.CreateAsync(face, key);
            Assert.Equal((HttpStatusCode.Gone, null), (gone.Status, gone.Id));
            Assert.Contains("deleted", gone.Words);
            Assert.Equal(0, (await desk.StoredAsync()).Tickets);
        }
        Assert.Equal(HttpStatusCode.Created, (await desk.Client.CreateAsync(Face.Rest, "a new key")).Status);
    }

    [Theory, Providers]
    public async Task In_a_batch_each_part_has_its_key_and_a_change_set_that_fails_leaves_none(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        Part[] failing = [Keyed("a", "In a set", "key", "g"), new("b", "PATCH", "Tickets(99)", "{}", "g")];
        Assert.Equal([424, 404], (await BatchAsync(failing)).Select(a => a.Status));
        Assert.Equal((0, 0), ((await desk.StoredAsync()).Tickets, (await desk.StoredAsync()).Submissions));

        Part[] parts =
        [
            Keyed("a", "In a set", "key", "g"), Keyed("b", "In a set", "key", "g"), Keyed("c", "Another", "key 2", "g"),
            Keyed("d", "Alone", "key 3"), Keyed("e", "In a set", "key"), Keyed("f", "Other text", "key"),
        ];
        var first = (await BatchAsync(parts)).Select(a => $"{a.Status} {a.Json["Id"]}").ToList();
        Assert.Equal([first[0], first[0], first[2], first[3], first[0], "422 "], first);
        Assert.Equal(3, first.Take(5).Distinct().Count(answer => answer.StartsWith("201", StringComparison.Ordinal)));
        Assert.Equal(first, (await BatchAsync(parts)).Select(a => $"{a.Status} {a.Json["Id"]}"));
        var stored = await desk.StoredAsync();
        Assert.Equal((3, 3, 3), (stored.Tickets, stored.Events, stored.Submissions));

        static Part Keyed(string id, string title, string key, string? group = null) =>
            Part.Create(id, title, group) with { Headers = [("Idempotency-Key", key)] };

        async Task<List<PartAnswer>> BatchAsync(Part[] batch)
        {
            using var response = await desk.Client.PostAsync("/odata/$batch", BatchCalls.Json(batch), Cancel);
            return await BatchCalls.AnswersAsync(response);
        }
    }

    [Theory, Providers]
    public async Task Change_sets_with_the_same_keys_in_another_order_all_go_through(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var sets = Enumerable.Range(0, 6).Select(n => Task.Run(async () =>
        {
            var keys = n % 2 == 0 ? (string[])["1", "2"] : ["2", "1"];
            Part[] parts =
                [.. keys.Select(key => Part.Create($"p{key}", $"Title {key}", "g") with { Headers = [("Idempotency-Key", key)] })];
            using var response = await desk.NewClient().PostAsync("/odata/$batch", BatchCalls.Json(parts), Cancel);
            return await BatchCalls.AnswersAsync(response);
        }));
        foreach (var answers in await Task.WhenAll(sets))
            Assert.True(
                answers.All(a => a.Status is 201) || answers is [{ Status: 409 }],
                string.Join(' ', answers.Select(a => a.Status + a.Body)));
        Assert.Equal((2, 2), ((await desk.StoredAsync()).Tickets, (await desk.StoredAsync()).Submissions));
    }

    [Theory, Providers]
    public async Task Keys_are_forgotten_after_a_day_by_several_instances_at_once(Provider provider)
    {
        var clock = new Triage.TimerClock();
        await using var one = await Desk.StartAsync(provider, clock);
        var two = Desk.Start(one.Database, clock);
        await using (var db = one.Database.Open())
        {
            var old = clock.Now() - Submission.Lifetime - TimeSpan.FromSeconds(1);
            db.Submissions.AddRange(
                Enumerable
                    .Range(0, SubmissionStore.BatchSize + 1)
                    .Select(n => new Submission
                    {
                        KeyHash = BitConverter.GetBytes(n),
                        Digest = [1],
                        CreatedAt = old,
                    }));
            await db.SaveChangesAsync(Cancel);
        }
        Assert.Equal(1, (await one.Client.CreateAsync(Face.Rest, "young")).Id);
        clock.Advance(TimeSpan.FromHours(24)); // and with it the timers of both
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while ((await one.StoredAsync()).Submissions > 1) await Task.Yield();
        Assert.Equal(1, (await one.Client.CreateAsync(Face.Rest, "young")).Id);

        clock.Advance(TimeSpan.FromTicks(TimeSpan.TicksPerSecond));
        await Task.WhenAll(ForgetAsync(one), ForgetAsync(two));
        Assert.Equal((1, 0), ((await one.StoredAsync()).Tickets, (await one.StoredAsync()).Submissions));
        Assert.Equal(2, (await one.Client.CreateAsync(Face.Rest, "young")).Id);
        two.Client.Dispose();

        static async Task ForgetAsync(Desk desk)
        {
            await using var scope = desk.Services.CreateAsyncScope();
            while (await scope.ServiceProvider.GetRequiredService<SubmissionStore>().ForgetOldAsync(Cancel))
            {
            }
        }
    }
}
