using System.Globalization;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Comments;
using SupportTickets.Tickets.Submissions;

namespace SupportTickets.OData.Sets;

/// <summary>
/// The writes of comments. They are deleted on the page of the ticket: that takes the right to administer, which no token has.
/// </summary>
internal sealed class CommentCommands(AddComment add, ChangeComment change) : ISetCommands
{
    /// <inheritdoc />
    public Right RightToCreate(IReadOnlyDictionary<string, Supplied> values) => Right.write;

    /// <inheritdoc />
    public async Task<Result<Created>> CreateAsync(SetWrite write)
    {
        var ticket = write.Values.GetValueOrDefault(nameof(Comment.TicketId));
        if (ticket.IsMissing)
            return new InvalidInput([new("ticket", FieldErrorCode.Required, "This field is required.")]);
        if (!int.TryParse(ticket.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return NoTicket(ticket.Text ?? "null");
        var input = new CommentInput
        {
            Body = write.Values.GetValueOrDefault(nameof(Comment.Body)),
            IsInternal = write.Values.GetValueOrDefault(nameof(Comment.IsInternal)),
        };
        var author = new CommentAuthor(write.Caller.Origin(Channel.odata), write.Caller.PersonId);
        var result = await add.HandleAsync(id, input, author, IdempotencyHeader.Of(write.Http.Request), write.Cancel);
        if (result.Succeeded(out var comment, out var problem))
            return new Created(comment.Id, comment, []);
        return problem is TicketNotFound ? NoTicket(ticket.Text!) : problem;
    }

    /// <inheritdoc />
    public async Task<Result<object>> ChangeAsync(int key, SetWrite write, int? expectedVersion)
    {
        var fixedOnes = new[] { (nameof(Comment.TicketId), "ticket"), (nameof(Comment.IsInternal), "is_internal") }
            .Where(field => write.Values.ContainsKey(field.Item1))
            .Select(field => new FieldError(field.Item2, FieldErrorCode.NotAChoice, "This cannot be changed later."))
            .ToList();
        if (fixedOnes.Count > 0)
            return new InvalidInput(fixedOnes);
        var body = write.Values.GetValueOrDefault(nameof(Comment.Body));
        return (await change.EditAsync(key, body, expectedVersion, write.Caller, Channel.odata, write.Cancel)).AsObject();
    }

    private static InvalidInput NoTicket(string shown) =>
        new([new("ticket", FieldErrorCode.NotAChoice, $"\"{TextRules.Echo(shown)}\" is not the id of a ticket.")]);
}
