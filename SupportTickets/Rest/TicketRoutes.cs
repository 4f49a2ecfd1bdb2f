using System.Globalization;
using SupportTickets.Access;
using SupportTickets.Analytics;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Search;
using SupportTickets.Tickets.Submissions;
using SupportTickets.Tickets.Writing;
using SupportTickets.Triage;

namespace SupportTickets.Rest;

/// <summary>The routes. Each binds, calls the core and translates.</summary>
internal static class TicketRoutes
{
    private static readonly Refused NotFound = new(StatusCodes.Status404NotFound, "Not found.");
    private static readonly Refused PreconditionFailed =
        new(StatusCodes.Status412PreconditionFailed, "The ticket is not at the version that If-Match names: read it again.");

    /// <summary>GET /api/</summary>
    public static IResult Root(HttpRequest request) => new JsonAnswer(StatusCodes.Status200OK, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("tickets", $"{request.Scheme}://{request.Host}{request.PathBase}/api/tickets/");
        writer.WriteEndObject();
    });

    /// <summary>GET /api/tickets/</summary>
    public static IResult List(HttpRequest request, TicketReads reads)
    {
        if (!ListParameters.Parse(request.QueryString.Value).Succeeded(out var query, out var problem))
            return Answers.Problem(problem);
        if (!SearchTerms.Parse(query.Search).Succeeded(out var search, out problem))
            return problem is InvalidInput invalid ? Answers.Search(invalid) : Answers.Problem(problem);
        var rows = query.Sort(reads.Matching(query.Filter with { Search = search })).Select(t => new TicketJsonRow(
            t.Id, t.Title, t.Description, t.Category, t.Priority, t.Status, t.Sentiment, t.UrgencyScore, t.CreatedAt));
        return new JsonArray<TicketJsonRow>(rows, TicketJson.Write);
    }

    /// <summary>POST /api/tickets/</summary>
    public static async Task<IResult> CreateAsync(HttpRequest request, CreateTicket create, CancellationToken cancel)
    {
        if (!(await BodyReader.ReadAsync(request, BodyFields.OfTicket, cancel)).Succeeded(out var body, out var problem))
            return Answers.Problem(problem);
        var input = body.ToTicket();
        var (origin, key) = (OriginOf(request), IdempotencyHeader.Of(request));
        if (!request.HttpContext.Caller().May(Right.read))
        {
            var handedIn = await create.HandInAsync(input, origin, SeenSuggestions.None, key, cancel);
            return handedIn.Succeeded(out var receipt, out problem) ? Answers.Receipt(receipt) : Answers.Problem(problem);
        }
        var result = await create.HandleAsync(input, origin, SeenSuggestions.None, key, cancel);
        return result.Succeeded(out var ticket, out problem)
            ? Answers.Ticket(ticket, StatusCodes.Status201Created)
            : Answers.Problem(problem);
    }

    /// <summary>GET /api/tickets/{id}/</summary>
    public static async Task<IResult> ReadAsync(string id, HttpRequest request, TicketReads reads, CancellationToken cancel)
    {
        if (!ParseId(id).Succeeded(out var key, out var problem))
            return Answers.Problem(problem);
        if (await reads.FindAsync(key, cancel) is not { } ticket)
            return Answers.Problem(new TicketNotFound());
        if (!VersionTags.IsKnown(request, ticket.Version))
            return Answers.Ticket(ticket, StatusCodes.Status200OK);
        request.HttpContext.Response.Headers.ETag = VersionTags.TagOf(ticket.Version);
        return Results.StatusCode(StatusCodes.Status304NotModified);
    }

    /// <summary>PATCH /api/tickets/{id}/</summary>
    public static async Task<IResult> UpdateAsync(
        string id, HttpRequest request, TicketReads reads, UpdateTicket update, CancellationToken cancel)
    {
        if (!ParseId(id).Succeeded(out var key, out var problem))
            return Answers.Problem(problem);
        // A missing ticket is answered before the body is read, whatever the body is.
        if (await reads.FindAsync(key, cancel) is not { } read)
            return Answers.Problem(new TicketNotFound());
        if (!VersionTags.MayChange(request, read.Version))
            return Answers.Problem(PreconditionFailed);
        if (!(await BodyReader.ReadAsync(request, BodyFields.OfTicket, cancel)).Succeeded(out var body, out problem))
            return Answers.Problem(problem);

        var input = body.ToTicket();
        var conditional = request.Headers.IfMatch.Count > 0 && request.Headers.IfMatch != "*"; // any version will do (RFC 9110, 13.1.1)
        var result = await update.HandleAsync(read, input, conditional ? read.Version : null, OriginOf(request), cancel);
        if (result.Succeeded(out var ticket, out problem))
            return Answers.Ticket(ticket, StatusCodes.Status200OK);
        return Answers.Problem(conditional && problem is StaleTicket ? PreconditionFailed : problem);
    }

    /// <summary>GET /api/tickets/stats/</summary>
    public static async Task<IResult> StatsAsync(StatsQuery query, CancellationToken cancel)
    {
        var stats = await query.HandleAsync(cancel);
        return new JsonAnswer(StatusCodes.Status200OK, writer => TicketJson.Write(writer, stats));
    }

    /// <summary>POST /api/tickets/classify/</summary>
    public static async Task<IResult> ClassifyAsync(HttpRequest request, TriageService triage, CancellationToken cancel)
    {
        if (!(await DescriptionAsync(request, cancel)).Succeeded(out var description, out var problem))
            return Answers.Problem(problem);
        var suggestion = await triage.ClassifyAsync(description, cancel);
        return new JsonAnswer(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("suggested_category", suggestion.Category.ToString());
            writer.WriteString("suggested_priority", suggestion.Priority.ToString());
            writer.WriteEndObject();
        });
    }

    /// <summary>POST /api/tickets/suggest-title/</summary>
    public static async Task<IResult> SuggestTitleAsync(HttpRequest request, TriageService triage, CancellationToken cancel)
    {
        if (!(await DescriptionAsync(request, cancel)).Succeeded(out var description, out var problem))
            return Answers.Problem(problem);
        var suggestion = await triage.SuggestTitleAsync(description, cancel);
        return new JsonAnswer(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("suggested_title", suggestion.Title);
            writer.WriteEndObject();
        });
    }

    private static Origin OriginOf(HttpRequest request) => request.HttpContext.Caller().Origin(Channel.rest);

    private static async Task<Result<string>> DescriptionAsync(HttpRequest request, CancellationToken cancel) =>
        (await BodyReader.ReadAsync(request, BodyFields.OfTicket, cancel)).Succeeded(out var body, out var problem)
            ? TicketValidator.Description(body.Of("description"))
            : problem;

    /// <summary>
    /// An integer outside the range of keys is a ticket that does not exist; anything else is not the address of a ticket.
    /// </summary>
    internal static Result<int> ParseId(string id)
    {
        if (int.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var key))
            return key;
        var digits = id.AsSpan(id.StartsWith('-') || id.StartsWith('+') ? 1 : 0);
        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9') ? new TicketNotFound() : NotFound;
    }
}
