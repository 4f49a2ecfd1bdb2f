using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

/// <summary>
/// One desk on each database for a whole class. Its tests only read, look at nothing but what they write themselves, or set the
/// data up anew before they begin.
/// </summary>
public sealed class SharedDesks : IAsyncDisposable
{
    private readonly Dictionary<Provider, FeedDesk> _desks = [];

    /// <summary>The desk on a database; the first test that needs it starts it.</summary>
    internal async Task<FeedDesk> OfAsync(Provider provider, Func<Provider, Task<FeedDesk>> start)
    {
        if (!_desks.TryGetValue(provider, out var desk))
            _desks[provider] = desk = await start(provider);
        return desk;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var desk in _desks.Values)
            await desk.DisposeAsync();
    }
}
