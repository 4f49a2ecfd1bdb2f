using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Comments;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Submissions;

namespace SupportTickets.Rest;

/// <summary>The columns that the JSON of a comment needs.</summary>
internal sealed record CommentJsonRow(int Id, string Body, bool IsInternal, string Author, DateTime CreatedAt);

/// <summary>The replies and notes of a ticket. The older system has none; the formats are those of its tickets.</summary>
internal static class CommentRoutes
{
    /// <summary>GET /api/tickets/{id}/comments/</summary>
    public static async Task<IResult> ListAsync(string id, TicketReads reads, CancellationToken cancel)
    {
        if (!(await FindAsync(id, reads, cancel)).Succeeded(out var ticket, out var problem))
            return Answers.Problem(problem);
        var comments = reads.Comments.Where(c => c.TicketId == ticket);
        // Recorded from the older system (route.unknown_action): the address is not found for a ticket that nobody commented on.
        if (!await comments.AnyAsync(cancel))
            return Answers.Detail(StatusCodes.Status404NotFound, "This ticket has no comments.");
        return new JsonArray<CommentJsonRow>(
            comments.OrderBy(c => c.Id).Select(c => new CommentJsonRow(c.Id, c.Body, c.IsInternal, c.Author, c.CreatedAt)), Write);
    }

    /// <summary>POST /api/tickets/{id}/comments/</summary>
    public static async Task<IResult> AddAsync(
        string id, HttpRequest request, TicketReads reads, AddComment add, CancellationToken cancel)
    {
        // A missing ticket is answered before the body is read, whatever the body is.
        if (!(await FindAsync(id, reads, cancel)).Succeeded(out var ticket, out var problem))
            return Answers.Problem(problem);
        if (!(await BodyReader.ReadAsync(request, BodyFields.OfComment, cancel)).Succeeded(out var body, out problem))
            return Answers.Problem(problem);
        var caller = request.HttpContext.Caller();
        var author = new CommentAuthor(caller.Origin(Channel.rest), caller.PersonId);
        var result = await add.HandleAsync(ticket, body.ToComment(), author, IdempotencyHeader.Of(request), cancel);
        return result.Succeeded(out var comment, out problem)
            ? new JsonAnswer(StatusCodes.Status201Created, writer =>
                Write(writer, new(comment.Id, comment.Body, comment.IsInternal, comment.Author, comment.CreatedAt)))
            : Answers.Problem(problem);
    }

    private static async Task<Result<int>> FindAsync(string id, TicketReads reads, CancellationToken cancel)
    {
        if (!TicketRoutes.ParseId(id).Succeeded(out var key, out var problem))
            return problem;
        if (await reads.ExistsAsync(key, cancel))
            return key;
        return await reads.WasDeletedAsync(key, cancel) ? new TicketDeleted() : new TicketNotFound();
    }

    private static void Write(Utf8JsonWriter writer, CommentJsonRow comment)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", comment.Id);
        writer.WriteString("body", comment.Body);
        writer.WriteBoolean("is_internal", comment.IsInternal);
        writer.WriteString("author", comment.Author);
        TicketJson.WriteTime(writer, comment.CreatedAt);
        writer.WriteEndObject();
    }
}
