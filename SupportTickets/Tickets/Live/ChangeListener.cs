using System.Threading.Channels;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.Tickets.Live;

/// <summary>A notification to a listener.</summary>
/// <param name="Changes">How often the watch has seen changes. A listener that has seen a smaller number has something to read.</param>
/// <param name="FieldChanges">How often one of them was of a field: see <see cref="TicketChanges.AnyOfFieldsAsync"/>.</param>
/// <param name="Mark">The current state of the changes.</param>
/// <param name="IsHeartbeat">Whether it is sent to show that the connection is alive, whether or not anything changed.</param>
internal readonly record struct Signal(long Changes, long FieldChanges, ChangeMark Mark, bool IsHeartbeat);

/// <summary>
/// A listener for changes. It keeps only the latest signal, which includes all earlier ones: a slow reader misses nothing.
/// </summary>
internal sealed class ChangeListener : IDisposable
{
    private readonly Channel<Signal> _signals = System.Threading.Channels.Channel.CreateBounded<Signal>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly Action<ChangeListener> _leave;

    /// <summary>A listener of <paramref name="caller"/>.</summary>
    public ChangeListener(string caller, Action<ChangeListener> leave) => (Caller, _leave) = (caller, leave);

    /// <summary>The caller it belongs to.</summary>
    public string Caller { get; }

    /// <summary>
    /// The signals, until the desk stops or the listener is disposed. The first comes as soon as the watch knows the state of the changes.
    /// </summary>
    public IAsyncEnumerable<Signal> ReadAsync(CancellationToken cancel) => _signals.Reader.ReadAllAsync(cancel);

    /// <summary>Stops listening.</summary>
    public void Dispose() => _leave(this);

    /// <summary>Delivers a signal.</summary>
    public void Tell(Signal signal) => _signals.Writer.TryWrite(signal);

    /// <summary>Ends the signals.</summary>
    public void End() => _signals.Writer.TryComplete();
}
