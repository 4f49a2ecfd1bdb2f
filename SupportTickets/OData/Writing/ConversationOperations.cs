using Microsoft.OData.UriParser;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;
using SupportTickets.OData.Sets;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Comments;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Submissions;
using SupportTickets.Tickets.Tags;

namespace SupportTickets.OData.Writing;

/// <summary>The operations that add to a ticket: replies, notes and tags.</summary>
internal sealed class ConversationOperations(AddComment comments, TagTickets tags, TicketReads tickets, FeedRows rows, WriteAnswers answers)
{
    /// <summary>The handler of an operation, with its HTTP method and right.</summary>
    public Handler Of(string name) => name switch
    {
        Operations.Reply => new("POST", Right.write, request => CommentAsync(request, isInternal: false)),
        Operations.AddNote => new("POST", Right.write, request => CommentAsync(request, isInternal: true)),
        Operations.AddTags => new("POST", Right.write, AddTagsAsync),
        _ => throw new InvalidOperationException($"Nobody answers {name}."),
    };

    // Answers with the comment, so the options of the request shape a comment.
    private async Task CommentAsync(FeedRequest request, bool isInternal)
    {
        var answered = request.AnsweredFrom(FeedSets.Comments);
        answers.Check(answered);
        var target = await FindAsync(request);
        await target.CheckAsync();
        var input = new CommentInput
        {
            Body = (await OperationParameters.ReadAsync(request, Operations.Body)).Values.GetValueOrDefault(Operations.Body),
            IsInternal = Supplied.Of(isInternal ? bool.TrueString : bool.FalseString),
        };
        var author = new CommentAuthor(request.Origin, request.Http.Caller().PersonId);
        var result = await comments.HandleAsync(
            target.Key, input, author, IdempotencyHeader.Of(request.Http.Request), request.Cancel);
        if (!result.Succeeded(out var comment, out var problem))
            throw new FeedException(FeedError.Of(problem, problem is TicketNotFound ? request.FeedSet : FeedSets.Comments));
        await answers.WriteAsync(answered, comment.Id, comment);
    }

    private async Task AddTagsAsync(FeedRequest request)
    {
        answers.Check(request);
        var target = await FindAsync(request);
        await target.CheckAsync();
        var names = NamesIn(await OperationParameters.ReadListAsync(request, Operations.Tags, TagValidator.MaxTags));
        var result = await tags.HandleAsync(target.Key, names, [], request.Origin, request.Cancel);
        if (!result.Succeeded(out var ticket, out var problem))
            throw new FeedException(FeedError.Of(problem, request.FeedSet));
        await answers.WriteAsync(request, target.Key, ticket);
    }

    private static List<string?> NamesIn(JsonFields fields)
    {
        var supplied = fields.Values.GetValueOrDefault(Operations.Tags);
        var items = fields.ListOf(Operations.Tags);
        var error = supplied.IsMissing || items is { Count: 0 } ? new ErrorDetail("required", "This field is required.", Operations.Tags)
            : supplied.IsNull ? new("null", "This field may not be null.", Operations.Tags)
            : items is null ? new("not_a_list", "Send a list of names.", Operations.Tags)
            : items.Any(item => !item.IsText) ? new("not_text", "Each item must be text.", Operations.Tags)
            : null;
        return error is null ? [.. items!.Select(item => item.Text)] : throw new FeedException(FeedError.Invalid([error]));
    }

    // Somebody may have deleted the ticket while the text was written: that is said, so that the text is not sent again.
    private async Task<EntityTarget> FindAsync(FeedRequest request)
    {
        if (await EntityTarget.TryFindAsync(request, rows) is { } target)
            return target;
        var wasDeleted = request.Path.ToList() is [EntitySetSegment, KeySegment key, OperationSegment]
            && key.Keys.Single().Value is int id && await tickets.WasDeletedAsync(id, request.Cancel);
        throw new FeedException(wasDeleted ? FeedError.Of(new TicketDeleted(), request.FeedSet) : FeedError.NoSuch(request.FeedSet));
    }
}
