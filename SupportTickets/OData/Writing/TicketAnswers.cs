using SupportTickets.Data;
using SupportTickets.OData.Answers;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Model;
using SupportTickets.OData.Reads;
using SupportTickets.OData.Request;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Submissions;

namespace SupportTickets.OData.Writing;

/// <summary>
/// What a write of a ticket is answered with: the ticket as a read gives it, or only its address, as preferred (OData 4.01, 8.2.8.7
/// and 11.4.1.5).
/// </summary>
internal sealed class TicketAnswers(FeedReads reads, TicketDb db, ILogger<TicketAnswers> log)
{
    /// <summary>Refuses what could not be answered, before anything is written.</summary>
    public void Check(FeedRequest request)
    {
        _ = Negotiation.Json(request.Http.Request);
        reads.CheckShape(request);
    }

    /// <summary>Answers.</summary>
    public async Task WriteAsync(FeedRequest request, Ticket ticket)
    {
        if (request.Preferences.Minimal == true)
        {
            WriteAddress(request, ticket);
            return;
        }
        if (!FeedReads.HasShape(request))
        {
            await FeedWriter.WriteEntityAsync(request, ticket, null, log);
            return;
        }
        try
        {
            await reads.GetShapedAsync(request, ticket.Id);
        }
        catch (FeedException) when (db.Database.CurrentTransaction is null && !request.Http.Response.HasStarted)
        {
            // It is written: that the options cannot be applied must not look as if it were not (OData 4.01, 11.4.1.5).
            WriteAddress(request, ticket);
        }
    }

    /// <summary>Answers who may not read: what they sent and its number, whatever $select and $expand ask for, and no ETag.</summary>
    public static async Task WriteAsync(FeedRequest request, TicketReceipt receipt)
    {
        if (request.Preferences.Minimal == true)
        {
            WriteAddress(request, receipt.Id);
            return;
        }
        List<(string, object)> sent =
        [
            (nameof(Ticket.Id), receipt.Id), (nameof(Ticket.Title), receipt.Title), (nameof(Ticket.Description), receipt.Description),
            (nameof(Ticket.Category), receipt.Category), (nameof(Ticket.Priority), receipt.Priority),
        ];
        if (receipt.Status is { } status) sent.Add((nameof(Ticket.Status), status));
        await FeedWriter.WritePartAsync(request, sent);
    }

    /// <summary>The address of a ticket.</summary>
    public static string AddressOf(FeedRequest request, int id) => new Uri(request.Root, $"{FeedModel.Tickets}({id})").AbsoluteUri;

    private static void WriteAddress(FeedRequest request, Ticket ticket)
    {
        request.Http.Response.GetTypedHeaders().ETag = ETags.Of(ticket.Version);
        WriteAddress(request, ticket.Id);
    }

    private static void WriteAddress(FeedRequest request, int id)
    {
        var response = request.Http.Response;
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers["OData-EntityId"] = AddressOf(request, id);
        Negotiation.Say(response);
        if (request.Preferences.Minimal == true)
            request.Preferences.AppliedToWrite(response);
    }
}
