using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Comments;
using SupportTickets.Tickets.Submissions;

namespace SupportTickets.Tests.Tickets;

public sealed class CommentTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task The_first_reply_of_the_desk_is_remembered_and_nothing_makes_the_edit_of_another_stale(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        var ada = await desk.AddPersonAsync(Role.agent, "Ada");
        var id = (await desk.AddTicketAsync()).Id;
        var read = await desk.Client.GetAsync($"/odata/Tickets({id})", Cancel);
        foreach (var (body, isInternal, requester) in new[]
        {
            ("What is wrong?", true, null), ("It still burns.", false, "Rita"), ("Water helps.", false, null), ("Is it out?", false, null),
        })
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await desk.AddCommentAsync(id, body, isInternal, requester is null ? ada : null, requester);
        }
        var ticket = Assert.Single(await desk.TicketsAsync());
        Assert.Equal((1, ManualClock.Monday.UtcDateTime.AddMinutes(3)), (ticket.Version, ticket.FirstReplyAt));
        Assert.Equal(
            ["note True 1 Ada", "message False 2 Rita", "reply False 3 Ada", "reply False 4 Ada"],
            ticket.Events.OrderBy(e => e.Id).Skip(1).Select(e => $"{e.NewValue} {e.IsInternal} {e.CommentId} {e.Actor}"));
        Assert.All(ticket.Events.Where(e => e.Field == TicketField.comment), e => Assert.Null(e.OldValue));

        // Its ETag still allows a change, but no longer says that the ticket is as it was read.
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/odata/Tickets({id})");
        again.Headers.TryAddWithoutValidation("If-None-Match", read.Headers.ETag!.ToString());
        using var changed = await desk.Client.SendAsync(again, Cancel);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        using var edit = new HttpRequestMessage(HttpMethod.Patch, $"/odata/Tickets({id})");
        edit.Headers.TryAddWithoutValidation("If-Match", read.Headers.ETag!.ToString());
        edit.Content = new StringContent("""{"Priority":"high"}""", null, "application/json");
        using var edited = await desk.Client.SendAsync(edit, Cancel);
        Assert.Equal(HttpStatusCode.OK, edited.StatusCode);
        using var last = new HttpRequestMessage(HttpMethod.Get, $"/odata/Tickets({id})");
        last.Headers.TryAddWithoutValidation("If-None-Match", edited.Headers.ETag!.ToString());
        using var same = await desk.Client.SendAsync(last, Cancel);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Theory, Providers]
    public async Task Fifty_comments_and_changes_at_once_all_land_once_in_one_order(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var id = (await desk.AddTicketAsync()).Id;
        Status[] statuses = [Status.in_progress, Status.resolved, Status.open, Status.closed];
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            using var answer = i % 2 == 0
                ? await desk.Client.PostAsJsonAsync(
                    $"/api/tickets/{id}/comments/", new { body = $"Comment {i}", is_internal = i % 4 == 0 }, Cancel)
                : await desk.Client.PatchAsJsonAsync($"/api/tickets/{id}/", new { status = $"{statuses[i / 2 % 4]}" }, Cancel);
            Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        }));
        await using var db = desk.Database.Open();
        var comments = await db.Comments.OrderBy(c => c.Id).ToListAsync(Cancel);
        Assert.Equal(
            Enumerable.Range(0, 25).Select(i => $"Comment {2 * i}").Order(), comments.Select(c => c.Body).Order());
        var ticket = Assert.Single(await desk.TicketsAsync());
        var events = ticket.Events.OrderBy(e => e.Id).ToList();
        // Each comment has one event, in the order of the comments; each change follows from the one before.
        Assert.Equal(comments.Select(c => (int?)c.Id), events.Where(e => e.CommentId is not null).Select(e => e.CommentId));
        var moves = events.Where(e => e.Field == TicketField.status).ToList();
        Assert.Equal(moves.SkipLast(1).Select(e => e.NewValue), moves.Skip(1).Select(e => e.OldValue));
        Assert.Equal((moves[^1].NewValue, moves.Count), ($"{ticket.Status}", ticket.Version));
        Assert.Equal(events.First(e => e.NewValue == CommentText.Reply).At, ticket.FirstReplyAt);
    }

    [Theory, Providers]
    public async Task A_comment_is_edited_by_its_author_for_a_quarter_of_an_hour_and_deleted_by_an_admin(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        var id = (await desk.AddTicketAsync()).Id;
        var comment = await desk.AddCommentAsync(id, "Frist", by: await desk.AddPersonAsync(Role.agent, "Ada"));
        var (ada, bob) = (CallerOf(comment.AuthorId!.Value, Role.agent), CallerOf(99, Role.agent));
        var admin = CallerOf(100, Role.admin);

        Assert.Equal(CommentRefusal.NotTheAuthor, Why(await EditAsync(bob, "Mine")));
        Assert.Equal(CommentRefusal.NotTheAuthor, Why(await EditAsync(admin, "Mine")));
        clock.Advance(Comment.EditTime - TimeSpan.FromSeconds(1));
        Assert.Equal("First", (await EditAsync(ada, " First ")).Value.Body);
        Assert.IsType<StaleComment>((await EditAsync(ada, "Second", version: 1)).Problem);
        Assert.IsType<InvalidInput>((await EditAsync(ada, " ")).Problem);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(CommentRefusal.TooLate, Why(await EditAsync(ada, "Second")));
        Assert.Equal(CommentRefusal.NotAnAdmin, Why(await DeleteAsync(ada)));
        Assert.Equal("First", (await DeleteAsync(admin)).Value.Body);
        Assert.IsType<CommentNotFound>((await DeleteAsync(admin)).Problem);

        await using var db = desk.Database.Open();
        Assert.Empty(db.Comments);
        Assert.Equal((comment.Id, false), (db.CommentDeletions.Single().CommentId, db.CommentDeletions.Single().IsInternal));
        Assert.Equal(
            [" reply", "reply reply", "reply "],
            (await db.TicketEvents.Where(e => e.CommentId != null).OrderBy(e => e.Id).ToListAsync(Cancel))
                .Select(e => $"{e.OldValue} {e.NewValue}"));

        Task<Result<Comment>> EditAsync(Caller by, string body, int? version = null) =>
            ChangeAsync(change => change.EditAsync(comment.Id, Supplied.Of(body), version, by, Channel.web, Cancel));

        Task<Result<Comment>> DeleteAsync(Caller by) =>
            ChangeAsync(change => change.DeleteAsync(comment.Id, null, by, Channel.web, Cancel));

        async Task<Result<Comment>> ChangeAsync(Func<ChangeComment, Task<Result<Comment>>> change)
        {
            await using var scope = desk.Services.CreateAsyncScope();
            return await change(scope.ServiceProvider.GetRequiredService<ChangeComment>());
        }
    }

    [Theory, Providers]
    public async Task A_comment_that_is_sent_again_is_added_once(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var id = (await desk.AddTicketAsync()).Id;
        var key = new IdempotencyKey("k", "somebody");
        var first = await AddAsync("Once", key);
        Assert.Equal(first.Value.Id, (await AddAsync("Once", key)).Value.Id);
        Assert.Equal(SubmissionRefusal.KeyTaken, Assert.IsType<SubmissionRefused>((await AddAsync("Twice", key)).Problem).Why);
        Assert.Equal(SubmissionRefusal.BadKey, Assert.IsType<SubmissionRefused>((await AddAsync("Once", new(" ", "x"))).Problem).Why);
        await using var db = desk.Database.Open();
        Assert.Equal((1, 1), (await db.Comments.CountAsync(Cancel), await db.TicketEvents.CountAsync(e => e.CommentId != null, Cancel)));

        async Task<Result<Comment>> AddAsync(string body, IdempotencyKey with)
        {
            await using var scope = desk.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<AddComment>().HandleAsync(
                id, new() { Body = Supplied.Of(body) }, new(new("somebody", Channel.rest), null), with, Cancel);
        }
    }

    [Theory, Providers]
    public async Task What_goes_with_a_comment_is_done_once_and_not_again_after_a_change_of_somebody_else(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var id = (await desk.AddTicketAsync()).Id;
        var key = new IdempotencyKey("k", "somebody");
        var resolve = new TicketInput { Status = Supplied.Of("resolved") };
        Assert.Equal(Status.open, await SendAsync(null));
        Assert.Equal(Status.resolved, await SendAsync(resolve)); // the button may be another one
        using var reopened = await desk.Client.PatchAsJsonAsync($"/api/tickets/{id}/", new { status = "open" }, Cancel);
        Assert.Equal(Status.open, await SendAsync(resolve));

        async Task<Status> SendAsync(TicketInput? change)
        {
            await using (var scope = desk.Services.CreateAsyncScope())
            {
                var added = await scope.ServiceProvider.GetRequiredService<AddComment>().HandleAsync(
                    id, new() { Body = Supplied.Of("Once") }, new(new("somebody", Channel.web), null), key, change, Cancel);
                Assert.Equal(1, added.Value.Comment.Id);
            }
            return Assert.Single(await desk.TicketsAsync()).Status;
        }
    }

    [Theory, Providers]
    public async Task A_key_that_is_sent_for_two_tickets_at_once_is_taken_by_one(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        int[] tickets = [(await desk.AddTicketAsync()).Id, (await desk.AddTicketAsync()).Id];
        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/tickets/{tickets[i % 2]}/comments/");
            request.Headers.Add("Idempotency-Key", $"key {i / 2}");
            request.Content = JsonContent.Create(new { body = "Once" });
            using var answer = await desk.Client.SendAsync(request, Cancel);
            return answer.StatusCode;
        }));
        Assert.Equal(10, statuses.Count(s => s == HttpStatusCode.Created));
        Assert.Equal(10, statuses.Count(s => s == HttpStatusCode.UnprocessableEntity));
    }

    [Theory]
    [InlineData("\u200B")]
    [InlineData("\u200B \u2060")]
    [InlineData("\u2800")]
    [InlineData("\u3164")]
    public async Task A_comment_that_shows_nothing_is_refused(string body)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var id = (await desk.AddTicketAsync()).Id;
        using var answer = await desk.Client.PostAsJsonAsync($"/api/tickets/{id}/comments/", new { body }, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("""{"body":["This field may not be blank."]}""", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Theory, Providers]
    public async Task Comments_go_with_their_ticket_and_leave_only_their_numbers(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var id = (await desk.AddTicketAsync()).Id;
        await desk.AddCommentAsync(id, "A reply");
        await desk.AddCommentAsync(id, "A note", isInternal: true);
        await desk.TagAsync(id, "printer");
        using var deleted = await desk.Client.DeleteAsync($"/odata/Tickets({id})", Cancel);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await using var db = desk.Database.Open();
        Assert.Equal((0, 0), (await db.Comments.CountAsync(Cancel), await db.TicketTags.CountAsync(Cancel)));
        Assert.Equal(
            [(1, false), (2, true)],
            (await db.CommentDeletions.OrderBy(d => d.CommentId).ToListAsync(Cancel)).Select(d => (d.CommentId, d.IsInternal)));
    }

    private static CommentRefusal Why(Result<Comment> result) => Assert.IsType<CommentRefused>(result.Problem).Why;

    private static Caller CallerOf(int id, Role role) =>
        Caller.Anonymous(SupportTickets.Configuration.AccessMode.closed, null).As(id, $"Caller {id}", role);
}
