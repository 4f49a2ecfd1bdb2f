using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Primitives;
using SupportTickets.Access;
using SupportTickets.Access.Limits;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Hosting;
using SupportTickets.Http;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Batch;

/// <summary>
/// Runs the parts of one batch, each as a request of its own. A single part has a service scope of its own; the parts of a
/// change set share a scope, a database context and a transaction.
/// </summary>
/// <param name="batch">The batch.</param>
/// <param name="run">Answers a part.</param>
internal sealed class BatchRunner(FeedRequest batch, RequestDelegate run)
{
    // In a deadlock the database aborts one change set at a time and the others go on: eight tries are enough for eight change sets.
    private const int MaxTries = 8;

    private static readonly object PartKey = new();

    private static readonly FeedError Deadlocked = new(
        StatusCodes.Status409Conflict, "conflict",
        "Others were changing the same tickets in another order. Nothing was done; send the change set again.");

    private readonly long _maxAnswerBytes = BatchLimits.MaxAnswerBytes(
        batch.Http.RequestServices.GetRequiredService<Settings>().MaxRequestBytes);
    private readonly RateLimits _limits = batch.Http.RequestServices.GetRequiredService<RateLimits>();
    private readonly TimeProvider _clock = batch.Http.RequestServices.GetRequiredService<TimeProvider>();
    private readonly Dictionary<string, (string Resource, StringValues ETag)> _succeeded = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);

    // What is left of ODATA_MAX_BATCH_SECONDS. Only the work counts, not the time in which the client reads the answer.
    private TimeSpan _left = TimeSpan.FromSeconds(batch.Feed.Limits.MaxBatchSeconds);
    private CancellationToken _stop;

    /// <summary>Whether a request is already a part of a batch.</summary>
    public static bool IsPart(HttpContext http) => http.Items.ContainsKey(PartKey);

    /// <summary>
    /// Runs a part or a change set and gives an answer for each part. When a change set fails, the part at fault has its own answer
    /// and the others have 424 (JSON Format 4.01, 19.5).
    /// </summary>
    public async Task<IReadOnlyList<BatchAnswer>> RunAsync(BatchUnit unit)
    {
        var began = _clock.GetTimestamp();
        using var time = new CancellationTokenSource(_left > TimeSpan.Zero ? _left : TimeSpan.Zero, _clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(batch.Cancel, time.Token);
        _stop = stop.Token;
        var answers = _left <= TimeSpan.Zero ? await RefuseAsync(unit, OutOfTimeAsync)
            : unit.Parts.Any(DependsOnFailure) ? await RefuseAsync(unit, FailedDependencyAsync)
            : unit.Parts.Any(part => part.IsConditional) ? await RefuseAsync(unit, ConditionAsync)
            : unit.IsAtomic ? await ChangeSetAsync(unit)
            : [await SingleAsync(unit.Parts[0])];
        if (answers.Any(a => a.Failed))
            _failed.UnionWith([.. unit.Parts.Select(p => p.Id).OfType<string>(), .. unit.Group is { } group ? new[] { group } : []]);
        _left -= _clock.GetElapsedTime(began);
        return answers;
    }

    // A part that depends on a failed part fails too.
    private bool DependsOnFailure(BatchPart part) => References(part).Concat(part.DependsOn).Any(_failed.Contains);

    private static IEnumerable<string> References(BatchPart part) =>
        new[]
        {
            BatchRules.Reference(part.Url),
            BatchRules.Reference(part.Headers.IfMatch),
            BatchRules.Reference(part.Headers.IfNoneMatch),
        }.OfType<string>();

    private async Task<IReadOnlyList<BatchAnswer>> RefuseAsync(BatchUnit unit, RequestDelegate refusal)
    {
        var answers = new List<BatchAnswer>();
        foreach (var part in unit.Parts)
            answers.Add(await RefuseAsync(part, refusal));
        return answers;
    }

    private Task<BatchAnswer> RefuseAsync(BatchPart part, RequestDelegate refusal) =>
        SendAsync(part, batch.Http.RequestServices, _maxAnswerBytes, refusal);

    // The answers of a change set that failed at one of its parts.
    private async Task<IReadOnlyList<BatchAnswer>> FailedAsync(BatchUnit set, BatchAnswer cause)
    {
        var answers = new List<BatchAnswer>();
        foreach (var part in set.Parts)
            answers.Add(part == cause.Part ? cause : await RefuseAsync(part, FailedDependencyAsync));
        return answers;
    }

    private static Task FailedDependencyAsync(HttpContext http) =>
        Dependent("This was not done, because a part that it depends on, or that is in its change set, failed.").WriteAsync(http);

    // JSON Format 4.01, 19.1: a part fails when its condition cannot be evaluated.
    private static Task ConditionAsync(HttpContext http) => Dependent("Parts with \"if\" are not offered: use dependsOn.").WriteAsync(http);

    private static FeedError Dependent(string message) => new(StatusCodes.Status424FailedDependency, "failed_dependency", message);

    private Task OutOfTimeAsync(HttpContext http) => http.WriteFaultAsync(BatchLimits.OutOfTime(batch.Feed.Limits));

    // A part counts like a request of its own. Null when it is within the limit.
    private Fault? OverLimit() => _limits.OnApi(batch.Http, batch.Http.Caller());

    private async Task<BatchAnswer> SingleAsync(BatchPart part)
    {
        if (OverLimit() is { } fault)
            return await RefuseAsync(part, http => http.WriteFaultAsync(fault));
        await using var scope = NewScope();
        // A single write is not cancelled: nobody could tell whether it was done. Its own limits end it.
        var answer = await SendAsync(part, scope.ServiceProvider, _maxAnswerBytes, run, canStop: part.IsRead);
        Remember(answer);
        return answer;
    }

    private async Task<IReadOnlyList<BatchAnswer>> ChangeSetAsync(BatchUnit set)
    {
        foreach (var part in set.Parts)
        {
            if (OverLimit() is { } fault)
                return await FailedAsync(set, await RefuseAsync(part, http => http.WriteFaultAsync(fault))); // before anything is done
        }
        for (var attempt = 1; ; attempt++)
        {
            await using var scope = NewScope();
            await using var changes = new ChangeSet(scope.ServiceProvider.GetRequiredService<TicketDb>(), run);
            var answers = new List<BatchAnswer>();
            foreach (var (at, part) in set.Parts.Index())
            {
                // The commit is part of handling the last part, so that a failed commit is answered like any other failure.
                var answer = await SendAsync(
                    part, scope.ServiceProvider, _maxAnswerBytes - answers.Sum(a => a.Body.Length),
                    http => changes.HandleAsync(http, isLast: at == set.Parts.Count - 1), canStop: true);
                Remember(answer);
                answers.Add(answer);
                if (answer.Failed)
                    break;
            }
            if (answers.Count == 0 || !answers[^1].Failed)
                return answers;
            foreach (var undone in set.Parts.Select(p => p.Id).OfType<string>())
                _succeeded.Remove(undone);
            if (!changes.IsDeadlocked || attempt == MaxTries)
                return await FailedAsync(set, answers[^1]);
        }
    }

    // The scope reads for the caller of the batch.
    private AsyncServiceScope NewScope()
    {
        var scope = batch.Http.RequestServices.CreateAsyncScope();
        scope.ServiceProvider.ReadFor(batch.Http.Caller());
        return scope;
    }

    private async Task<BatchAnswer> SendAsync(
        BatchPart part, IServiceProvider services, long maxBytes, RequestDelegate handle, bool canStop = false)
    {
        var address = AddressOf(part);
        var body = new BoundedBody(maxBytes);
        var http = new DefaultHttpContext
        {
            RequestServices = services,
            RequestAborted = canStop ? _stop : batch.Cancel,
            User = batch.Http.User,
            TraceIdentifier = batch.Http.TraceIdentifier,
        };
        http.Items[PartKey] = this;
        http.Features.Set(batch.Http.Features.Get<IHttpConnectionFeature>());
        http.Features.Set(batch.Http.Caller());
        http.Response.Body = body;
        var faults = ActivatorUtilities.CreateInstance<FaultHandling>(services, handle);
        try
        {
            Fill(http.Request, part, address);
        }
        catch (InvalidOperationException)
        {
            // PathString refuses %00.
            faults = ActivatorUtilities.CreateInstance<FaultHandling>(
                services, (RequestDelegate)(context => FeedError.NotFound().WriteAsync(context)));
        }
        await faults.InvokeAsync(http);
        batch.Cancel.ThrowIfCancellationRequested();
        // The part was cancelled because the time of the batch ran out.
        if (http.Response.StatusCode == Fault.ClientClosedRequest)
        {
            http.RequestAborted = batch.Cancel;
            await OutOfTimeAsync(http);
        }
        await http.Response.CompleteAsync();
        return new(part, address, http.Response, body);
    }

    private void Fill(HttpRequest request, BatchPart part, Uri address)
    {
        var outer = batch.Http.Request;
        (request.Method, request.Protocol, request.Scheme, request.Host, request.PathBase) = (
            part.Method, outer.Protocol, outer.Scheme, outer.Host, outer.PathBase);
        request.Body = Open(part.Body);
        PartHeaders.Apply(part, batch, request);
        foreach (var condition in new[] { "If-Match", "If-None-Match" })
        {
            // The ETag of the entity that the part names (OData 4.01, 11.7.3.2).
            if (BatchRules.Reference(request.Headers[condition]) is { } id && _succeeded.TryGetValue(id, out var answer))
                request.Headers[condition] = answer.ETag;
        }
        request.QueryString = new QueryString(address.Query);
        var path = PathString.FromUriComponent(address.AbsolutePath);
        request.Path = path.StartsWithSegments(outer.PathBase, out var below) ? below : path;
    }

    private Uri AddressOf(BatchPart part)
    {
        var url =
            BatchRules.Reference(part.Url) is { } id && _succeeded.TryGetValue(id, out var answer)
                ? answer.Resource + part.Url[(id.Length + 1)..]
                : part.Url;
        return BatchRules.Resolve(batch.Root, url) ?? batch.Root;
    }

    // $id stands for the created entity, otherwise for the requested resource. Only its address is kept: the answer itself is
    // released once it is written.
    private void Remember(BatchAnswer answer)
    {
        var headers = answer.Http.Headers;
        if (answer.Part.Id is { } id && !answer.Failed)
            _succeeded[id] = (headers.Location is [{ } created] ? created : answer.Address.GetLeftPart(UriPartial.Path), headers.ETag);
    }

    private static MemoryStream Open(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array) && array.Array is not null
            ? new(array.Array, array.Offset, array.Count, writable: false)
            : new(bytes.ToArray(), writable: false);

    /// <summary>The one transaction of a change set. Ends without a commit unless its last part succeeded.</summary>
    private sealed class ChangeSet(TicketDb db, RequestDelegate runPart) : IAsyncDisposable
    {
        private IDbContextTransaction? _transaction;

        /// <summary>Whether a deadlock ended it, so that it may be run again.</summary>
        public bool IsDeadlocked { get; private set; }

        public async Task HandleAsync(HttpContext http, bool isLast)
        {
            try
            {
                _transaction ??= await db.Database.BeginTransactionAsync(http.RequestAborted);
                await runPart(http);
                if (!isLast || http.Response.StatusCode >= StatusCodes.Status400BadRequest)
                    return;
                http.RequestAborted.ThrowIfCancellationRequested();
                // Not cancelled once it has begun: nobody could tell whether it was done.
                await _transaction.CommitAsync(CancellationToken.None);
            }
            catch (Exception error) when (DatabaseConflict.IsDeadlock(error))
            {
                IsDeadlocked = true;
                http.Response.Clear();
                await Deadlocked.WriteAsync(http);
            }
        }

        public ValueTask DisposeAsync() => _transaction?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    /// <summary>The body of an answer, kept in memory. A body over the limit turns the answer into an error.</summary>
    private sealed class BoundedBody(long max) : MemoryStream
    {
        // An error has to fit even when nothing else does.
        private const int Reserve = 16 * 1024;

        private bool _full;

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (Length + count > (_full ? Reserve : max))
            {
                _full = true;
                throw new FeedException(new(
                    StatusCodes.Status400BadRequest, "answer_too_large",
                    "The answer is larger than a batch may hold: ask for it alone, with Prefer: maxpagesize, "
                    + "or with Prefer: return=minimal."));
            }
            base.Write(buffer, offset, count);
        }
    }
}
