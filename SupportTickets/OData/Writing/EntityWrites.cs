using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.OData.Answers;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Writing;

/// <summary>POST, PATCH, PUT and DELETE of entities: reads the payload, calls the core, translates its answer.</summary>
internal sealed class EntityWrites(FeedRows rows, WriteAnswers answers)
{
    /// <summary>POST to a set: 201 with the stored entity, its URL and its ETag (OData 4.01, 11.4.2).</summary>
    public async Task CreateAsync(FeedRequest request)
    {
        answers.Check(request);
        var payload = await EntityPayload.ReadAsync(request);
        var (set, commands, caller) = (request.FeedSet, request.Commands, request.Http.Caller());
        if (!caller.May(commands.RightToCreate(payload.Values)))
            throw new FeedException(FeedError.Refusal(caller));
        var result = await commands.CreateAsync(new(payload.Values, request.Http, request.Cancel));
        if (!result.Succeeded(out var created, out var problem))
            throw new FeedException(FeedError.Of(problem, set));
        request.Http.Response.StatusCode = StatusCodes.Status201Created;
        request.Http.Response.Headers.Location = WriteAnswers.AddressOf(request, created.Key);
        if (created.Entity is { } entity) await answers.WriteAsync(request, created.Key, entity);
        else await WriteAnswers.WriteReceiptAsync(request, created);
    }

    /// <summary>PATCH of an entity: 200 with the stored entity; 412 when a condition does not hold (OData 4.01, 11.4.3).</summary>
    public Task ChangeAsync(FeedRequest request) => WriteAsync(request, request.Commands.ChangeAsync);

    /// <summary>
    /// PUT of an entity: like PATCH, but a property that is left out gets its default, or counts as missing if it has none (OData
    /// 4.01, 11.4.3).
    /// </summary>
    public Task ReplaceAsync(FeedRequest request) => WriteAsync(request, request.Commands.ReplaceAsync);

    /// <summary>DELETE of an entity: 204; 412 when a condition does not hold (OData 4.01, 11.4.5).</summary>
    public async Task DeleteAsync(FeedRequest request)
    {
        var target = await EntityTarget.FindAsync(request, rows);
        var nothing = new SetWrite(new Dictionary<string, Supplied>(), request.Http, request.Cancel);
        _ = await target.ChangeAsync(expected => request.Commands.DeleteAsync(target.Key, nothing, expected));
        PropertyAnswers.WriteNothing(request);
    }

    private async Task WriteAsync(FeedRequest request, Func<int, SetWrite, int?, Task<Result<object>>> write)
    {
        answers.Check(request);
        var target = await EntityTarget.FindAsync(request, rows);
        var payload = await EntityPayload.ReadAsync(request);
        var supplied = new SetWrite(payload.Values, request.Http, request.Cancel);
        var entity = await target.ChangeAsync(expected => write(target.Key, supplied, expected), payload.ETag);
        await answers.WriteAsync(request, target.Key, entity);
    }
}
