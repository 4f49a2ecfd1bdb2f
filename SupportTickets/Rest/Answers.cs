using SupportTickets.Core;
using SupportTickets.Http;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Submissions;

namespace SupportTickets.Rest;

/// <summary>A request that this face refuses before it calls the core.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">One sentence.</param>
internal sealed record Refused(int Status, string Detail) : Problem;

/// <summary>A body that is JSON, but not an object.</summary>
/// <param name="Message">One sentence.</param>
internal sealed record NotAnObject(string Message) : Problem;

/// <summary>Translates results into the wire format of the older system. The only place that does so.</summary>
internal static class Answers
{
    private const string NoTicket = "No Ticket matches the given query.";

    /// <summary>A ticket, with its version as the entity tag.</summary>
    public static IResult Ticket(Ticket ticket, int status) => new JsonAnswer(
        status, writer => TicketJson.Write(writer, TicketJsonRow.Of(ticket)))
    {
        EntityTag = VersionTags.TagOf(ticket.Version),
        Location = status == StatusCodes.Status201Created ? AddressOf(ticket.Id) : null,
    };

    /// <summary>201 for a caller who may not read the ticket: no scores, no times, no entity tag.</summary>
    public static IResult Receipt(TicketReceipt receipt) =>
        new JsonAnswer(StatusCodes.Status201Created, writer => TicketJson.Write(writer, receipt)) { Location = AddressOf(receipt.Id) };

    /// <summary><c>{"detail": "..."}</c></summary>
    public static JsonAnswer Detail(int status, string detail) => new(status, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("detail", detail);
        writer.WriteEndObject();
    });

    /// <summary>The answer for a problem.</summary>
    public static IResult Problem(Problem problem) => problem switch
    {
        InvalidInput invalid => Fields(invalid.Errors.GroupBy(error => error.Field, error => error.Message)),
        NotAnObject body => Fields(new[] { body.Message }.GroupBy(_ => "non_field_errors")),
        TicketNotFound => Detail(StatusCodes.Status404NotFound, NoTicket),
        TicketDeleted => Detail(StatusCodes.Status410Gone, "The ticket has been deleted."),
        StaleTicket => Detail(StatusCodes.Status409Conflict, "The ticket was changed by somebody else meanwhile: read it again."),
        SubmissionRefused refused when IdempotencyHeader.Refusal(refused) is var (status, _, message) => Detail(status, message),
        Refused refused => Detail(refused.Status, refused.Detail),
        _ => throw new NotSupportedException($"No answer for {problem.GetType().Name}."),
    };

    /// <summary>The answer for an invalid search: a bare list of sentences.</summary>
    public static IResult Search(InvalidInput invalid) =>
        new JsonAnswer(StatusCodes.Status400BadRequest,
            writer => TicketJson.WriteTexts(writer, invalid.Errors.Select(error => error.Message)));

    private static string AddressOf(int id) => $"/api/tickets/{id}/";

    private static JsonAnswer Fields(IEnumerable<IGrouping<string, string>> fields) => new(StatusCodes.Status400BadRequest, writer =>
    {
        writer.WriteStartObject();
        foreach (var field in fields)
        {
            writer.WritePropertyName(field.Key);
            TicketJson.WriteTexts(writer, field);
        }
        writer.WriteEndObject();
    });
}

/// <summary>Faults under /api: <c>{"detail": "..."}</c>.</summary>
internal sealed class RestFaultWriter : IFaultWriter
{
    /// <inheritdoc />
    public PathString Prefix => "/api";

    /// <inheritdoc />
    public Task WriteAsync(HttpContext context, Fault fault) => Answers.Detail(fault.Status, Sentence(fault)).ExecuteAsync(context);

    // In the words of the older system's framework, because some of its clients read the number from the sentence.
    private static string Sentence(Fault fault) =>
        fault is { Code: Fault.TooManyRequestsCode, RetryAfter: { } seconds }
            ? $"Request was throttled. Expected available in {Fault.Seconds(seconds)}."
            : fault.Message;
}
