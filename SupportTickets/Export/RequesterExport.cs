using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Data;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Export;

/// <summary>
/// All that is known of a requester as one JSON file, for a person who asks for it: the law gives them that right. Each list is one
/// statement, read from one snapshot and streamed, so memory does not grow with them.
/// </summary>
public sealed class RequesterExport(TicketReads reads, TicketDb db, AccessLog log)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Writes the file, after a line of the access log is stored.</summary>
    /// <param name="response">Gets the file.</param>
    /// <param name="id">The requester.</param>
    /// <param name="by">Who asks for it.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>Whether there is such a requester; if not, nothing was written.</returns>
    public async Task<bool> WriteAsync(HttpResponse response, int id, Caller by, CancellationToken cancel)
    {
        if (!await reads.Requesters.AnyAsync(r => r.Id == id, cancel))
            return false;
        log.Add(by, AccessAction.requester_exported, about: Requester.Text(id));
        await db.SaveChangesAsync(cancel);
        await using var snapshot = await reads.SnapshotAsync(cancel);
        if (await reads.Requesters.SingleOrDefaultAsync(r => r.Id == id, cancel) is not { } requester)
            return false;
        response.ContentType = "application/json; charset=utf-8";
        var headers = response.GetTypedHeaders();
        headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"requester-{id}.json" };
        headers.CacheControl = new() { NoStore = true };
        await JsonSerializer.SerializeAsync(response.Body, FileOf(requester), Json, cancel);
        return true;
    }

    private object FileOf(Requester requester)
    {
        var id = requester.Id;
        var events = reads.VisibleEvents.Where(e => e.Ticket!.RequesterId == id);
        var comments = reads.Comments.Where(c => c.Ticket!.RequesterId == id);
        var files = reads.Attachments.Where(f => f.Ticket!.RequesterId == id);
        return new
        {
            Requester = new
            {
                requester.Id,
                requester.Name,
                requester.Email,
                requester.Organization,
                requester.Notes,
                requester.CreatedAt,
                requester.Version,
            },
            Tickets = Rows(reads.Visible.Where(t => t.RequesterId == id).OrderBy(t => t.Id).Select(t => new
            {
                t.Id,
                t.Title,
                t.Description,
                t.Category,
                t.Priority,
                t.Status,
                t.Sentiment,
                t.UrgencyScore,
                t.Channel,
                Assignee = t.Assignee!.Name,
                Tags = t.Tags.OrderBy(tag => tag.Id).Select(tag => tag.Tag!.Name).ToList(),
                t.CreatedAt,
                t.UpdatedAt,
                t.FirstReplyAt,
                t.FirstResolvedAt,
                t.ResolvedAt,
                t.ResolutionMinutes,
                t.ReopenCount,
                t.Version,
            })),
            History = Rows(events.OrderBy(e => e.TicketId).ThenBy(e => e.Id).Select(e => new
            {
                e.TicketId,
                e.Id,
                e.At,
                e.Actor,
                e.Channel,
                e.Field,
                e.OldValue,
                e.NewValue,
                e.CommentId,
            })),
            Comments = Rows(comments.OrderBy(c => c.TicketId).ThenBy(c => c.Id).Select(c => new
            {
                c.TicketId,
                c.Id,
                c.CreatedAt,
                c.EditedAt,
                c.Author,
                c.IsInternal,
                c.IsFromRequester,
                c.Channel,
                c.Body,
            })),
            Files = Rows(files.OrderBy(f => f.TicketId).ThenBy(f => f.Id).Select(f => new
            {
                f.TicketId,
                f.CommentId,
                f.Id,
                f.Name,
                f.MediaType,
                f.Size,
                f.IsInternal,
                f.CreatedAt,
            })),
        };
    }

    // The serializer disposes what it enumerates only at the end of the file. A connection takes one statement at a time, so each ends
    // with its last row.
    private static async IAsyncEnumerable<T> Rows<T>(IQueryable<T> rows)
    {
        await foreach (var row in rows.AsAsyncEnumerable())
            yield return row;
    }
}
