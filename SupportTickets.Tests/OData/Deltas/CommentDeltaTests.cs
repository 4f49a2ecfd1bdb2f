using System.Net;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Comments;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tests.OData.Deltas;

public sealed class CommentDeltaTests
{
    private static readonly Origin Somebody = new("somebody", Channel.web);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private enum Step
    {
        Add,
        Edit,
        Delete,
        DeleteTicket,
        Follow,
    }

    [Theory, Providers]
    public async Task A_delta_link_tells_the_comments_that_came_changed_and_went(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(3);
        foreach (var ticket in (int[])[1, 1, 2, 2, 3])
            await SendAsync(desk, HttpMethod.Post, $"Tickets({ticket})/Reply", """{"Body":"old"}""");
        var all = new Copy(desk, set: "Comments");
        var some = new Copy(desk, "$filter=Body eq 'old'&$select=Body", pageSize: 1, "4.01", "Comments");
        foreach (var copy in new[] { all, some })
        {
            await copy.PullAsync();
            await copy.FollowAsync();
            Assert.Empty(copy.Told);
        }
        await SendAsync(desk, HttpMethod.Post, "Tickets(1)/AddNote", """{"Body":"new"}"""); // 6
        await SendAsync(desk, HttpMethod.Post, "Tickets(1)/Reply", """{"Body":"old"}"""); // 7
        await SendAsync(desk, HttpMethod.Patch, "Comments(1)", """{"Body":"other"}""");
        await SendAsync(desk, HttpMethod.Patch, "Tickets(1)", """{"Title":"Changed"}"""); // is no change of its comments
        await SendAsync(desk, HttpMethod.Post, "Tickets(1)/AddTags", """{"Tags":["x"]}""");
        await DeleteCommentAsync(desk, 5);
        await SendAsync(desk, HttpMethod.Delete, "Tickets(2)"); // with the comments 3 and 4
        Assert.Equal("6", await desk.Client.GetStringAsync(all.Link!.Replace("Comments?", "Comments/$count?"), Cancel));
        await all.FollowAsync();
        await some.FollowAsync();
        Assert.Equal(["1", "6", "7", "3 deleted", "4 deleted", "5 deleted"], all.Told);
        Assert.Equal(["7", "1 changed", "3 deleted", "4 deleted", "5 deleted", "6 changed"], some.Told);
        foreach (var copy in new[] { all, some })
        {
            Assert.Equal(await copy.FreshAsync(), copy.Rows);
            await copy.FollowAsync();
            Assert.Empty(copy.Told);
        }
    }

    /// <summary>Whatever happens between and during the pulls, in the end the copy is what a fresh pull gives.</summary>
    [Theory, Providers]
    public async Task A_copy_kept_by_changes_is_the_one_that_is_pulled_afresh(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(4);
        (string Query, int PageSize, string Version)[] kinds =
        [
            ("", 1, "4.0"),
            ("$filter=IsInternal&$select=Body", 2, "4.01"),
            ("$filter=contains(Body,'1')&$expand=CreatedOn($select=Key)&$orderby=Body desc", 3, "4.01"),
        ];
        var copies = kinds.Select(kind => new Copy(desk, kind.Query, kind.PageSize, kind.Version, "Comments")).ToList();
        foreach (var copy in copies)
            await copy.PullAsync();
        var highest = 0;
        var work = Gen.Select(
            Gen.Frequency(
                (6, Gen.Const(Step.Add)), (3, Gen.Const(Step.Edit)), (3, Gen.Const(Step.Delete)), (1, Gen.Const(Step.DeleteTicket)),
                (2, Gen.Const(Step.Follow))),
            Gen.Int[0, 1000]);
        await work.List[1, 12].ForSamplesAsync(6, async steps =>
        {
            foreach (var (step, n) in steps)
            {
                if (step != Step.Follow) await ActAsync(step, n);
                else await copies[n % copies.Count].FollowAsync(() => ActAsync((Step)(n % 3), n + 1)); // while it reads
            }
            foreach (var copy in copies)
            {
                await copy.FollowAsync();
                Assert.Equal(await copy.FreshAsync(), copy.Rows);
            }
        });
        Assert.True(highest > 5);

        async Task ActAsync(Step step, int n)
        {
            var body = $$"""{"Body":"{{n}}"}""";
            if (step == Step.Add) highest++;
            if (step == Step.Add) await SendAsync(desk, HttpMethod.Post, $"Tickets({1 + n % 2})/{(n % 3 > 0 ? "Reply" : "AddNote")}", body);
            else if (step == Step.DeleteTicket) await DeleteTicketWithCommentsAsync(desk, n);
            else if (step == Step.Delete) await DeleteCommentAsync(desk, highest - n % 4);
            else using (await desk.SendAsync(HttpMethod.Patch, $"/odata/Comments({highest - n % 4})", body)) { }
        }
    }

    [Fact]
    public async Task Deletions_that_commit_after_the_mark_are_not_lost()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Postgres);
        await desk.SeedAsync(3);
        foreach (var ticket in (int[])[1, 2, 3])
            await SendAsync(desk, HttpMethod.Post, $"Tickets({ticket})/Reply", """{"Body":"x"}""");
        await using var slow = desk.Database.Open();
        await using var transaction = await slow.Database.BeginTransactionAsync(Cancel);
        Assert.True((await new ChangeComment(slow, TimeProvider.System).DeleteAsync(
            1, null, Caller.System, Channel.web, Cancel)).Succeeded(out _, out _));
        Assert.Null((await new DeleteTicket(slow, desk.Services.GetRequiredService<IScoring>(), TimeProvider.System).HandleAsync(
            2, null, Somebody, Cancel)).Problem);
        await DeleteCommentAsync(desk, 3); // with a higher id, and committed before
        var copy = new Copy(desk, set: "Comments");
        await copy.PullAsync();
        Assert.Equal([1, 2], copy.Ids);
        await transaction.CommitAsync(Cancel);
        await copy.FollowAsync();
        Assert.Equal(["1 deleted", "2 deleted"], copy.Told);
    }

    [Theory, Providers]
    public async Task Notes_and_their_deletions_are_told_to_readers_of_notes_only(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        foreach (var action in (string[])["Reply", "AddNote", "AddNote"])
            await SendAsync(desk, HttpMethod.Post, $"Tickets(1)/{action}", """{"Body":"x"}""");
        var copy = new Copy(desk, set: "Comments");
        await copy.PullAsync();
        Assert.Equal([1, 2, 3], copy.Ids);
        await SendAsync(desk, HttpMethod.Patch, "Comments(2)", """{"Body":"y"}""");
        await DeleteCommentAsync(desk, 3);
        using var without = desk.Desk.ClientWith(await desk.Desk.AddTokenAsync(Role.admin, TokenScope.read_without_notes));
        Assert.Contains("\"value\":[]", await without.GetStringAsync(copy.Link, Cancel));
        Assert.Equal("0", await without.GetStringAsync(copy.Link!.Replace("Comments?", "Comments/$count?"), Cancel));
        await copy.FollowAsync();
        Assert.Equal(["2", "3 deleted"], copy.Told);
    }

    [Theory, Providers]
    public async Task What_changes_without_the_rows_of_the_set_is_not_tracked(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        foreach (var (url, tracked) in new[]
        {
            ("Comments", true),
            ("Comments?$filter=Body ne 'Ticket/Title'", true),
            ("Comments?$filter=CreatedOn/Year eq 2026&$expand=CreatedOn", true),
            ("Comments?$expand=Ticket", false),
            ("Comments?$filter=Ticket/Title eq 'x'", false),
            ("Comments?$compute=Ticket / UrgencyScore as U&$select=Id,U", false),
            ("Comments?$filter=CreatedAt lt now()", false),
            ("Tickets?$expand=Comments", true),
            ("Tickets?$filter=Comments/any(c: c/IsInternal)", true),
            ("Tickets?$filter=RequesterId eq 1", true),
            ("Tickets?$filter=Requester/Name eq 'x'", false),
            ("Tickets?$expand=Requester", false),
            ("Tickets?$filter=assignee/Name eq 'x'", false),
        })
        {
            using var answer = await desk.SendAsync(
                HttpMethod.Get, $"/odata/{url}", (HttpContent?)null, ("Prefer", "track-changes"), ("OData-MaxVersion", "4.01"));
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, text);
            Assert.Equal((url, tracked), (url, text.Contains("@deltaLink", StringComparison.Ordinal)));
        }
    }

    // One that has comments, and not one of the tickets that get new ones.
    private static async Task DeleteTicketWithCommentsAsync(FeedDesk desk, int n)
    {
        using var created = await desk.SendAsync(
            HttpMethod.Post, "/odata/Tickets", """{"Title":"t","Description":"d","Category":"billing","Priority":"low"}""");
        var path = created.Headers.Location!.AbsolutePath["/odata/".Length..];
        await using var db = desk.Database.Open();
        var id = int.Parse(path.Split('(', ')')[1]);
        await db.Comments.Where(c => c.Id % 5 == n % 5).ExecuteUpdateAsync(set => set.SetProperty(c => c.TicketId, id), Cancel);
        await SendAsync(desk, HttpMethod.Delete, path);
    }

    private static async Task DeleteCommentAsync(FeedDesk desk, int id)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        _ = await scope.ServiceProvider.GetRequiredService<ChangeComment>().DeleteAsync(id, null, Caller.System, Channel.web, Cancel);
    }

    private static async Task SendAsync(FeedDesk desk, HttpMethod method, string url, string? body = null)
    {
        using var response = await desk.SendAsync(method, $"/odata/{url}", body);
        Assert.True(response.IsSuccessStatusCode, $"{method} {url}: {(int)response.StatusCode}");
    }
}
