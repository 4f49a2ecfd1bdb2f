using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.Access;
using SupportTickets.Analytics;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.OData.Answers;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;
using SupportTickets.OData.Sets;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Writing;
using SupportTickets.Triage;

namespace SupportTickets.OData.Writing;

/// <summary>Calls of the model's operations: binds the parameters, calls the core, and translates its answer.</summary>
internal sealed class TicketOperations(
    UpdateTicket update, TriageService triage, StatsQuery stats, ConversationOperations conversation, FeedRows rows, WriteAnswers answers,
    TicketDb db, ILogger<TicketOperations> log)
{
    /// <summary>The handler of an operation, with its HTTP method and right.</summary>
    public Handler Of(OperationSegment segment) => segment.Operations.Single().Name switch
    {
        Operations.Resolve => new("POST", Right.write, request => ChangeAsync(request, update.ResolveAsync)),
        Operations.Reopen => new("POST", Right.write, request => ChangeAsync(request, update.ReopenAsync)),
        Operations.Assign => new("POST", Right.write, AssignAsync),
        Operations.Stats => new("GET", Right.read, StatsAsync),
        Operations.Classify => new("POST", Right.submit, ClassifyAsync),
        Operations.SuggestTitle => new("POST", Right.submit, SuggestTitleAsync),
        var name => conversation.Of(name),
    };

    private async Task ChangeAsync(FeedRequest request, Func<int, int?, Origin, CancellationToken, Task<Result<Ticket>>> change)
    {
        answers.Check(request);
        var target = await EntityTarget.FindAsync(request, rows);
        _ = await OperationParameters.ReadAsync(request);
        var ticket = await target.ChangeAsync(expected => change(target.Key, expected, request.Origin, request.Cancel));
        await answers.WriteAsync(request, target.Key, ticket);
    }

    // A nullable parameter that is left out is null (OData 4.01, 11.5.5.1).
    private async Task AssignAsync(FeedRequest request)
    {
        answers.Check(request);
        var target = await EntityTarget.FindAsync(request, rows);
        var whom = (await OperationParameters.ReadAsync(request, Operations.AssigneeId)).Values
            .GetValueOrDefault(Operations.AssigneeId, Supplied.Null);
        var input = new TicketInput { Assignee = whom };
        var ticket = await target.ChangeAsync(expected => update.HandleAsync(target.Key, input, expected, request.Origin, request.Cancel));
        await answers.WriteAsync(request, target.Key, ticket);
    }

    private async Task StatsAsync(FeedRequest request)
    {
        Check(request);
        List<ODataPathSegment> path = [.. request.Path.SkipLast(1)];
        await AnswerAsync(request, Statistics.Of(path.Count == 1
            ? await stats.HandleAsync(request.Cancel)
            : await TicketStats.OfAsync((IQueryable<Ticket>)rows.Of(path), request.Cancel)));
    }

    private async Task ClassifyAsync(FeedRequest request)
    {
        var suggested = await triage.ClassifyAsync(await DescriptionAsync(request), request.Cancel);
        await AnswerAsync(request, new SuggestedClassification(suggested.Category, suggested.Priority));
    }

    private async Task SuggestTitleAsync(FeedRequest request)
    {
        var suggested = await triage.SuggestTitleAsync(await DescriptionAsync(request), request.Cancel);
        await AnswerAsync(request, new SuggestedTitle(suggested.Title));
    }

    private async Task<string> DescriptionAsync(FeedRequest request)
    {
        Check(request);
        if (db.Database.CurrentTransaction is not null)
        {
            throw new FeedException(FeedError.NotImplemented(
                "Suggestions are not offered in a change set, which must not wait for a provider: ask for them outside of it."));
        }
        var parameters = await OperationParameters.ReadAsync(request, Operations.Description);
        return TicketValidator
            .Description(parameters.Values.GetValueOrDefault(Operations.Description))
            .Succeeded(out var description, out var problem)
            ? description
            : throw new FeedException(FeedError.Of(problem, request.FeedSet));
    }

    // Runs before the provider is asked.
    private static void Check(FeedRequest request)
    {
        _ = AnswerFormat.Json(request);
        if (request.Options.Keys.FirstOrDefault(name => name != "$format" && OptionNames.System.Contains(name)) is { } option)
        {
            throw new FeedException(FeedError.NotImplemented(
                $"The results of operations are given whole: {option} is not offered on them.", option));
        }
    }

    private Task AnswerAsync(FeedRequest request, object result) =>
        FeedWriter.WriteComplexAsync(request, result, (IEdmComplexType)request.Path.Last().EdmType, log);
}
