using System.ClientModel.Primitives;

namespace SupportTickets.Triage;

/// <summary>Retries like the SDK, but never waits long: a Retry-After of an hour is left to the circuit breaker.</summary>
internal sealed class BoundedRetryPolicy(int maxRetries, TimeProvider clock) : ClientRetryPolicy(maxRetries)
{
    /// <summary>The longest wait between two tries.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    protected override TimeSpan GetNextDelay(PipelineMessage message, int tryCount)
    {
        var delay = base.GetNextDelay(message, tryCount);
        return delay < LongestDelay ? delay : LongestDelay;
    }

    protected override Task WaitAsync(TimeSpan time, CancellationToken cancellationToken) => Task.Delay(time, clock, cancellationToken);
}

/// <summary>
/// Reads the whole answer within the time limit of the attempt, up to a maximum size. The SDK's own limit starts again with every
/// byte that arrives, and does not limit the size.
/// </summary>
internal sealed class WholeAnswer : DelegatingHandler
{
    /// <summary>The largest answer, in bytes; usual answers have a few hundred.</summary>
    public const long MaxBytes = 256 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
