using System.ClientModel.Primitives;

namespace SupportTickets.Triage;

/// <summary>Retries as the SDK does, but never waits long: a Retry-After of an hour is the circuit breaker's business.</summary>
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
/// Reads an answer whole while the time limit of the try still counts, and no more than an answer can have: the SDK's own
/// limit starts again with every byte that trickles in, and knows no size.
/// </summary>
internal sealed class WholeAnswer : DelegatingHandler
{
    /// <summary>The largest answer, in bytes; ours have a few hundred.</summary>
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
