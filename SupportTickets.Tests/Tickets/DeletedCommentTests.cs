using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Maintenance;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Pages;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Tickets;

/// <summary>What a deleted comment leaves behind: its key, what is then the first reply, and the events of its files.</summary>
public sealed class DeletedCommentTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Its_key_stays_taken_when_its_ticket_is_deleted(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddTicketAsync();
        await desk.AddTicketAsync();
        Assert.Equal(HttpStatusCode.Created, await SendAsync(1));
        using (var deleted = await desk.Client.DeleteAsync("/odata/Tickets(1)", Cancel))
            Assert.True(deleted.IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.Gone, await SendAsync(2));
        Assert.Empty(await BodiesAsync(desk));

        async Task<HttpStatusCode> SendAsync(int ticket)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/tickets/{ticket}/comments/")
            {
                Content = new StringContent("""{"body":"Once"}""", null, "application/json"),
            };
            request.Headers.Add("Idempotency-Key", "k");
            using var answer = await desk.Client.SendAsync(request, Cancel);
            return answer.StatusCode;
        }
    }

    [Theory]
    [CombinedProviders("/api/tickets/1/comments/", """{"body":"Once"}""")]
    [CombinedProviders("/odata/Tickets(1)/Reply", """{"Body":"Once"}""")]
    [CombinedProviders("/odata/Tickets(1)/AddNote", """{"Body":"Once"}""")]
    [CombinedProviders("/odata/Comments", """{"TicketId":1,"Body":"Once"}""")]
    public async Task Sent_again_by_a_program_it_does_not_come_back(Provider provider, string path, string body)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddTicketAsync();
        Assert.True((int)(await SendAsync("k")).Status is 200 or 201);
        await desk.DeleteCommentAsync(1);
        for (var i = 0; i < 2; i++)
        {
            var (status, words) = await SendAsync("k");
            Assert.Equal(HttpStatusCode.Gone, status);
            Assert.StartsWith("The comment that was created under this Idempotency-Key has been deleted since. Nothing was ", words);
        }
        Assert.Empty(await BodiesAsync(desk));
        Assert.True((int)(await SendAsync("another")).Status is 200 or 201);
        Assert.Equal(["Once"], await BodiesAsync(desk));

        async Task<(HttpStatusCode Status, string? Words)> SendAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new StringContent(body, null, "application/json"),
            };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await desk.Client.SendAsync(request, Cancel);
            var json = (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancel))!;
            return (answer.StatusCode, (json["detail"] ?? json["error"]?["message"])?.GetValue<string>());
        }
    }

    [Theory, Providers]
    public async Task Sent_again_by_the_form_it_does_not_come_back_and_the_text_is_kept(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddTicketAsync();
        var site = new Site(desk);
        var page = await site.GetAsync("/tickets/1");
        Assert.Equal(HttpStatusCode.Redirect, (await site.PressAsync(page, "[data-send=reply]", ("body", "Once"))).Status);
        await desk.DeleteCommentAsync(1);
        var gone = await site.PressAsync(page, "[data-send=resolve]");
        Assert.Equal((HttpStatusCode.Gone, "Once"), (gone.Status, ((IHtmlTextAreaElement)gone.Document.QuerySelector("#body")!).Value));
        Assert.Equal(
            "This was sent before, and has been deleted since. To send it again, press the button again.", gone.Text(".write .problem p"));
        Assert.Equal(Status.open, Assert.Single(await desk.TicketsAsync()).Status);
        Assert.Empty(await BodiesAsync(desk));
        Assert.Equal(HttpStatusCode.Redirect, (await site.PressAsync(gone, "[data-send=reply]")).Status);
        Assert.Equal(["Once"], await BodiesAsync(desk));
    }

    [Theory, Providers]
    public async Task The_first_reply_is_the_first_of_those_that_are_left(Provider provider)
    {
        var clock = new ManualClock(ManualClock.Monday);
        await using var desk = await Desk.StartAsync(provider, clock);
        var id = (await desk.AddTicketAsync()).Id;
        foreach (var (isInternal, requester) in new[] { (false, null), (true, null), (false, "Rita"), (false, null), (false, null) })
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await desk.AddCommentAsync(id, "x", isInternal, requester: requester);
        }
        // Each with the minute of the first reply and the version after it.
        foreach (var (comment, minute, version) in new (int, int?, int)[] { (5, 1, 1), (1, 4, 2), (2, 4, 2), (3, 4, 2), (4, null, 3) })
        {
            using var read = await desk.Client.GetAsync($"/odata/Tickets({id})", Cancel);
            clock.Advance(TimeSpan.FromMinutes(1));
            await desk.DeleteCommentAsync(comment);
            var ticket = Assert.Single(await desk.TicketsAsync());
            DateTime? first = minute is { } minutes ? ManualClock.Monday.UtcDateTime.AddMinutes(minutes) : null;
            Assert.Equal((comment, first, version), (comment, ticket.FirstReplyAt, ticket.Version));
            Assert.Contains(
                first is null ? "\"FirstReplyAt\":null" : $"\"FirstReplyAt\":\"{first:s}", await ReadAgainAsync(read));
            await using var scope = desk.Services.CreateAsyncScope();
            await using var said = new StringWriter();
            Assert.True(await VerifyCommand.VerifyAsync(new Verification(scope.ServiceProvider), said, Cancel), said.ToString());
        }
        await desk.AddCommentAsync(id, "x");
        Assert.Equal(clock.GetUtcNow().UtcDateTime, Assert.Single(await desk.TicketsAsync()).FirstReplyAt);

        // What a reader has who asks whether the copy is still good: the copy, or a new one.
        async Task<string> ReadAgainAsync(HttpResponseMessage copy)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/odata/Tickets({id})");
            request.Headers.IfNoneMatch.Add(copy.Headers.ETag!);
            using var answer = await desk.Client.SendAsync(request, Cancel);
            return await (answer.StatusCode == HttpStatusCode.NotModified ? copy : answer).Content.ReadAsStringAsync(Cancel);
        }
    }

    [Theory, Providers]
    public async Task Its_files_have_an_event_each_for_readers_who_may_see_it(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var id = (await desk.AddTicketAsync()).Id;
        foreach (var (name, isInternal) in new[] { ("open.txt", false), ("secret.txt", true) })
        {
            var file = (await desk.UploadAsync(id, name, [1])).Value;
            var comment = (await desk.CommentAsync(id, isInternal, file.Id)).Value;
            await desk.DeleteCommentAsync(comment.Id);
        }
        await using (var db = desk.Database.Open())
        {
            var events = await db.TicketEvents.Where(e => e.Field == TicketField.comment || e.Field == TicketField.attachment)
                .OrderBy(e => e.Id).ToListAsync(Cancel);
            Assert.Equal(
                [
                    "comment:->reply False", "attachment:->open.txt False", "comment:reply-> False", "attachment:open.txt-> False",
                    "comment:->note True", "attachment:->secret.txt True", "comment:note-> True", "attachment:secret.txt-> True",
                ],
                events.Select(e => $"{e.Field}:{e.OldValue}->{e.NewValue} {e.IsInternal}"));
        }
        using var blind = desk.ClientWith(await desk.AddTokenAsync(Role.agent, TokenScope.read_without_notes));
        using var agent = desk.ClientWith(await desk.AddTokenAsync(Role.agent, TokenScope.read));
        Assert.DoesNotContain("secret.txt", await blind.GetStringAsync("/odata/Events", Cancel));
        Assert.Contains("\"OldValue\":\"secret.txt\"", await agent.GetStringAsync("/odata/Events", Cancel));
        var page = await new Site(desk, agent).GetAsync($"/tickets/{id}");
        Assert.Contains(
            page.Texts(".timeline .event"), text => text.EndsWith("deleted the file \u2068open.txt\u2069", StringComparison.Ordinal));
    }

    private static async Task<List<string>> BodiesAsync(Desk desk)
    {
        await using var db = desk.Database.Open();
        return await db.Comments.Select(c => c.Body).ToListAsync(Cancel);
    }
}
