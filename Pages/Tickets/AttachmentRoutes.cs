using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Limits;
using SupportTickets.Http;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Attachments;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Pages.Tickets;

/// <summary>
/// The files of tickets: to be saved or, where they are images, shown; and the uploads of attach.js, one file a request, while a ticket
/// or a comment is being written.
/// </summary>
internal static class AttachmentRoutes
{
    /// <summary>The address for the files of a ticket that is not sent yet.</summary>
    public const string OfNewTicket = "/tickets/new/files";

    /// <summary>The type of the body of an upload.</summary>
    private const string Bytes = "application/octet-stream";

    /// <summary>Maps the addresses.</summary>
    public static void MapAttachments(this WebApplication app)
    {
        app.MapMethods("/attachments/{id:int}", [HttpMethods.Get, HttpMethods.Head], ReadAsync).Requires(Right.read);
        foreach (var (address, right) in ((string, Right)[])[("/tickets/{id:int}/files", Right.write), (OfNewTicket, Right.submit)])
        {
            app.MapMethods(address, [HttpMethods.Post], Checked(UploadAsync)).Requires(right).WithMetadata(new TakesFilesAttribute());
            app.MapMethods(address, [HttpMethods.Delete], Checked(DiscardAsync)).Requires(right);
            app.MapMethods($"{address}/kept", [HttpMethods.Post], Checked(KeptAsync)).Requires(right);
        }
    }

    private static async Task ReadAsync(HttpContext http)
    {
        var id = Id(http);
        var reads = http.RequestServices.GetRequiredService<TicketReads>();
        if (await reads.Attachments.SingleOrDefaultAsync(file => file.Id == id, http.RequestAborted) is { } file)
            await AttachmentAnswer.WriteAsync(http, file, inline: http.Request.Query["inline"] == "1");
        else
            http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    // The same check that forms have; the token is in the header RequestVerificationToken.
    private static RequestDelegate Checked(RequestDelegate handle) => async http =>
    {
        if (await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http))
            await handle(http);
        else
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
    };

    private static async Task UploadAsync(HttpContext http)
    {
        if (http.Request.ContentType != Bytes)
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        // Before the file is read: it counts like a ticket of somebody without a credential.
        if (http.RequestServices.GetRequiredService<RateLimits>().OnSubmit(http, http.Caller()) is { } tooOften)
        {
            http.Response.SetRetryAfter(tooOften);
            http.Response.StatusCode = tooOften.Status;
            await http.Response.WriteAsJsonAsync(new { message = tooOften.Message }, http.RequestAborted);
            return;
        }
        var limit = http.RequestServices.GetRequiredService<Configuration.Settings>().Attachments.MaxBytes;
        string? name = http.Request.Query["name"];
        await using var file = http.Request.ContentLength > limit
            ? IncomingFile.TooLarge(name)
            : await IncomingFile.ReadAsync(name, http.Request.Body, limit, http.RequestAborted);
        var uploads = http.RequestServices.GetRequiredService<Uploads>();
        var result = await uploads.StoreAsync(TicketOf(http), http.Caller(), file, [], http.RequestAborted);
        if (result.Succeeded(out var stored, out var problem))
        {
            await http.Response.WriteAsJsonAsync(new { upload = stored.Token }, http.RequestAborted);
            return;
        }
        if (file.IsTooLarge) http.Response.Headers.Connection = "close"; // the rest is not read
        http.Response.StatusCode = problem is TicketNotFound or TicketDeleted
            ? StatusCodes.Status404NotFound : CommentDraft.StatusOf(problem);
        await http.Response.WriteAsJsonAsync(new { message = FileWords.Of(problem) }, http.RequestAborted);
    }

    private static async Task DiscardAsync(HttpContext http)
    {
        var token = http.Request.Query["upload"].ToString();
        await http.RequestServices.GetRequiredService<Uploads>().DiscardAsync(TicketOf(http), http.Caller(), token, http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    // Which files of a draft the desk has still, in the order in which it is asked.
    private static async Task KeptAsync(HttpContext http)
    {
        var body = await RequestBody.ReadAsync(http.Request, http.RequestAborted);
        if (UrlEncoded.Parse(body.Bytes().Span) is not { } fields)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var tokens = fields.Where(field => field.Key == "upload").Select(field => field.Value).Take(Attachment.MaxAtOnce);
        var uploads = http.RequestServices.GetRequiredService<Uploads>();
        await http.Response.WriteAsJsonAsync(
            await uploads.AreThereAsync(TicketOf(http), http.Caller(), tokens, http.RequestAborted), http.RequestAborted);
    }

    // Null for a ticket that is not sent yet.
    private static int? TicketOf(HttpContext http) => http.GetRouteValue("id") is null ? null : Id(http);

    private static int Id(HttpContext http) => int.Parse((string)http.GetRouteValue("id")!, CultureInfo.InvariantCulture);
}
