using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Primitives;
using SupportTickets.Access;
using SupportTickets.Data;
using SupportTickets.Hosting;

namespace SupportTickets.OData.Batch;

/// <summary>
/// Runs the parts of one batch, each as a request of its own through <see cref="FeedEndpoint"/>: a part by itself has a
/// scope of its own; the parts of a change set share a scope, a context of the database and one transaction.
/// </summary>
internal sealed class BatchRunner(FeedRequest batch)
{
    private const int MaxTries = 3;

    private static readonly object PartKey = new();

    private static readonly FeedError Deadlocked = new(StatusCodes.Status409Conflict, "conflict", "Others were changing the same tickets in another order. Nothing was done; send the change set again.");

    private readonly long _maxAnswerBytes = BatchLimits.MaxAnswerBytes(batch.Http.RequestServices.GetRequiredService<Settings>().MaxRequestBytes);
    private readonly RateLimits _limits = batch.Http.RequestServices.GetRequiredService<RateLimits>();
    private readonly Dictionary<string, (string Resource, StringValues ETag)> _succeeded = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);

    /// <summary>Whether a request is a part of a batch already.</summary>
    public static bool IsPart(HttpContext http) => http.Items.ContainsKey(PartKey);

    /// <summary>Runs a part or a change set. A change set that fails has one answer: that of the part it failed at (OData 4.01, 11.7.4).</summary>
    public async Task<IReadOnlyList<BatchAnswer>> RunAsync(BatchUnit unit)
    {
        var answers = unit.Parts.FirstOrDefault(DependsOnFailure) is { } stuck ? [await RefuseAsync(stuck)]
            : unit.IsAtomic ? await ChangeSetAsync(unit)
            : [await SingleAsync(unit.Parts[0])];
        if (answers.Any(a => a.Failed))
            _failed.UnionWith([.. unit.Parts.Select(p => p.Id).OfType<string>(), .. unit.Group is { } group ? new[] { group } : []]);
        return answers;
    }

    // What is not 2xx cannot be depended on, and neither can what depended on it.
    private bool DependsOnFailure(BatchPart part) => References(part).Concat(part.DependsOn).Any(_failed.Contains);

    private static IEnumerable<string> References(BatchPart part) =>
        new[] { BatchRules.Reference(part.Url), BatchRules.Reference(part.Headers.IfMatch), BatchRules.Reference(part.Headers.IfNoneMatch) }.OfType<string>();

    private async Task<BatchAnswer> RefuseAsync(BatchPart part)
    {
        var error = new FeedError(StatusCodes.Status424FailedDependency, "failed_dependency", "This was not done, because a part that it depends on failed.");
        return await SendAsync(part, batch.Http.RequestServices, _maxAnswerBytes, http => error.WriteAsync(http));
    }

    // A part counts like a request of its own; null when it may go on.
    private Fault? OverLimit() => _limits.OnApi(batch.Http, batch.Http.Caller());

    private Task<BatchAnswer> TooManyAsync(BatchPart part, Fault fault) => SendAsync(part, batch.Http.RequestServices, _maxAnswerBytes, http => http.WriteFaultAsync(fault));

    private async Task<BatchAnswer> SingleAsync(BatchPart part)
    {
        if (OverLimit() is { } fault)
            return await TooManyAsync(part, fault);
        await using var scope = batch.Http.RequestServices.CreateAsyncScope();
        var answer = await SendAsync(part, scope.ServiceProvider, _maxAnswerBytes, FeedEndpoint.HandleAsync);
        Remember(answer);
        return answer;
    }

    private async Task<IReadOnlyList<BatchAnswer>> ChangeSetAsync(BatchUnit set)
    {
        foreach (var part in set.Parts)
        {
            if (OverLimit() is { } fault)
                return [await TooManyAsync(part, fault)]; // so it is not even begun
        }
        for (var attempt = 1; ; attempt++)
        {
            await using var scope = batch.Http.RequestServices.CreateAsyncScope();
            await using var run = new ChangeSet(scope.ServiceProvider.GetRequiredService<TicketDb>());
            var answers = new List<BatchAnswer>();
            foreach (var (at, part) in set.Parts.Index())
            {
                // In the last part's own handling, so that a commit that fails is answered like anything else that does.
                var answer = await SendAsync(part, scope.ServiceProvider, _maxAnswerBytes - answers.Sum(a => a.Body.Length), http => run.HandleAsync(http, isLast: at == set.Parts.Count - 1));
                Remember(answer);
                answers.Add(answer);
                if (answer.Failed)
                    break;
            }
            if (answers.Count == 0 || !answers[^1].Failed)
                return answers;
            foreach (var undone in set.Parts.Select(p => p.Id).OfType<string>())
                _succeeded.Remove(undone);
            if (!run.IsDeadlocked || attempt == MaxTries)
                return [answers[^1]];
        }
    }

    private async Task<BatchAnswer> SendAsync(BatchPart part, IServiceProvider services, long maxBytes, RequestDelegate handle)
    {
        var address = AddressOf(part);
        var body = new BoundedBody(maxBytes);
        var http = new DefaultHttpContext { RequestServices = services, RequestAborted = batch.Cancel, User = batch.Http.User, TraceIdentifier = batch.Http.TraceIdentifier };
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
            // What PathString says of %00.
            faults = ActivatorUtilities.CreateInstance<FaultHandling>(services, (RequestDelegate)(context => FeedError.NotFound().WriteAsync(context)));
        }
        await faults.InvokeAsync(http);
        await http.Response.CompleteAsync();
        batch.Cancel.ThrowIfCancellationRequested();
        return new(part, address, http.Response, body);
    }

    private void Fill(HttpRequest request, BatchPart part, Uri address)
    {
        var outer = batch.Http.Request;
        (request.Method, request.Protocol, request.Scheme, request.Host, request.PathBase) = (part.Method, outer.Protocol, outer.Scheme, outer.Host, outer.PathBase);
        request.Body = Open(part.Body);
        PartHeaders.Apply(part, outer, request);
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
        var url = BatchRules.Reference(part.Url) is { } id && _succeeded.TryGetValue(id, out var answer) ? answer.Resource + part.Url[(id.Length + 1)..] : part.Url;
        return BatchRules.Resolve(batch.Root, url) ?? batch.Root;
    }

    // $id stands for the entity that was created, else for what was asked for. Only that is kept: the answer itself is
    // let go of once it is written.
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
    private sealed class ChangeSet(TicketDb db) : IAsyncDisposable
    {
        private IDbContextTransaction? _transaction;

        /// <summary>Whether it failed for no fault of its own and may be run again.</summary>
        public bool IsDeadlocked { get; private set; }

        public async Task HandleAsync(HttpContext http, bool isLast)
        {
            try
            {
                _transaction ??= await db.Database.BeginTransactionAsync(http.RequestAborted);
                await FeedEndpoint.HandleAsync(http);
                if (isLast && http.Response.StatusCode < StatusCodes.Status400BadRequest)
                    await _transaction.CommitAsync(http.RequestAborted);
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

    /// <summary>An answer in memory that refuses to outgrow its bound, which makes the part an error.</summary>
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
                throw new FeedException(new(StatusCodes.Status400BadRequest, "answer_too_large",
                    "The answer is larger than a batch may hold: ask for it alone, with Prefer: maxpagesize, or with Prefer: return=minimal."));
            }
            base.Write(buffer, offset, count);
        }
    }
}
