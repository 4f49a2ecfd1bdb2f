using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Maintenance;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Export;

/// <summary>A file needs as much memory for a hundred thousand tickets as for a hundred, and half of one never looks whole.</summary>
public sealed class ExportStreamTests
{
    private const int Count = 6_000, HeldAt = 4_500;

    // Less than the file of half as many tickets, and more than what may wait in buffers.
    private const int Expected = 90_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_file_arrives_while_the_database_is_still_giving_rows_and_is_cut_where_it_fails(Provider provider)
    {
        var held = new HeldReader(Count);
        await using var desk = await FeedDesk.StartAsync(provider, interceptor: held, kestrel: true);
        await using (var db = desk.Database.Open())
            await SeedCommand.SeedAsync(
                db, new(Count, 1), DateTime.UtcNow, new(TextWriter.Null, isTerminal: false, Count, TimeProvider.System), Cancel);
        foreach (var name in (string[])["export.csv", "export.xlsx", "comments.csv"])
        {
            var comments = await CountCommentsAsync(desk);
            held.Hold(HeldAt);
            using var response = await desk.Client.GetAsync($"/tickets/{name}", HttpCompletionOption.ResponseHeadersRead, Cancel);
            Assert.Equal((HttpStatusCode.OK, null), (response.StatusCode, response.Content.Headers.ContentLength));
            await using var body = await response.Content.ReadAsStreamAsync(Cancel);
            using var file = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (var read = 1; file.Length < Expected; file.Write(buffer, 0, read))
            {
                read = await body.ReadAsync(buffer, Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Cancel);
                Assert.True(read > 0, "The file ended early.");
            }
            Assert.False(held.WasReadToItsEnd);
            await AddCommentAsync(desk); // too late for the file
            held.Release();
            await body.CopyToAsync(file, Cancel);
            var tables = name == "export.xlsx"
                ? ExportFile.ReadXlsx(file.ToArray(), validate: false) : [ExportFile.ReadCsv(file.ToArray())];
            Assert.Equal(
                name switch { "export.csv" => [Count], "export.xlsx" => [Count, comments], _ => [comments] },
                tables.Select(rows => rows.Count - 1));
        }
    }

    [Theory]
    [InlineData("export.csv", 5)]
    [InlineData("export.xlsx", 5)]
    [InlineData("export.xlsx", 20)] // among its comments
    [InlineData("comments.csv", 20)]
    public async Task A_file_that_fails_on_its_way_does_not_look_whole(string name, int after)
    {
        var database = new TornConnection();
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite, interceptor: database, kestrel: true);
        await desk.SeedAsync(10);
        for (var i = 0; i < 30; i++) await desk.Desk.AddCommentAsync(1 + (i % 10), "A reply");
        database.After = after;
        var error = await Record.ExceptionAsync(() => desk.Client.GetByteArrayAsync($"/tickets/{name}", Cancel));
        Assert.True(error is HttpRequestException { StatusCode: null } or IOException, $"{error}");
        database.After = 0;
        using var answer = await desk.Client.GetAsync($"/tickets/{name}", Cancel);
        Assert.Equal((HttpStatusCode.InternalServerError, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Null(answer.Content.Headers.ContentDisposition);
    }

    private static async Task<int> CountCommentsAsync(FeedDesk desk)
    {
        await using var db = desk.Database.Open();
        return await db.Comments.CountAsync(Cancel);
    }

    private static async Task AddCommentAsync(FeedDesk desk)
    {
        await using var db = desk.Database.Open();
        db.Add(new Comment { TicketId = 1, Body = "Late", Author = "A colleague", CreatedAt = DateTime.UtcNow });
        await db.SaveChangesAsync(Cancel);
    }
}
