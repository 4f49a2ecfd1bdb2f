using System.Threading.Channels;
using ChangeMark = SupportTickets.Tickets.Changes.ChangeMark;

namespace SupportTickets.Analytics.Live;

/// <summary>What somebody who listens is told.</summary>
/// <param name="Changes">How often the watch has seen changes; who saw less has something to look at.</param>
/// <param name="Mark">Where the changes stand.</param>
/// <param name="IsHeartbeat">It is time to show that the connection is alive, whether or not anything changed.</param>
internal readonly record struct Signal(long Changes, ChangeMark Mark, bool IsHeartbeat);

/// <summary>Somebody who listens for changes. Keeps the latest signal only: a reader that is slow misses none of what it says.</summary>
internal sealed class ChangeListener : IDisposable
{
    private readonly Channel<Signal> _signals = Channel.CreateBounded<Signal>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly Action<ChangeListener> _leave;

    /// <summary>A listener of <paramref name="caller"/>.</summary>
    public ChangeListener(string caller, Action<ChangeListener> leave) => (Caller, _leave) = (caller, leave);

    /// <summary>Whose it is.</summary>
    public string Caller { get; }

    /// <summary>
    /// The signals, until the desk stops or the listener goes away. The first comes as soon as the watch knows where the changes
    /// stand.
    /// </summary>
    public IAsyncEnumerable<Signal> ReadAsync(CancellationToken cancel) => _signals.Reader.ReadAllAsync(cancel);

    /// <summary>Goes away.</summary>
    public void Dispose() => _leave(this);

    /// <summary>Takes a signal in.</summary>
    public void Tell(Signal signal) => _signals.Writer.TryWrite(signal);

    /// <summary>There will be none any more.</summary>
    public void End() => _signals.Writer.TryComplete();
}
