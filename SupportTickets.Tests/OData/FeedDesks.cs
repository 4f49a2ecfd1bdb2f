using System.Collections.Concurrent;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

/// <summary>
/// Desks with the default settings that no test uses at the moment. To empty one is less work than to start another.
/// </summary>
internal static class FeedDesks
{
    private static readonly ConcurrentDictionary<Provider, ConcurrentBag<FeedDesk>> Idle = [];

    static FeedDesks() => PostgresServer.AtTheEnd.Add(EndAsync);

    /// <summary>An empty desk, when there is one.</summary>
    public static FeedDesk? Take(Provider provider) => Of(provider).TryTake(out var desk) ? desk : null;

    /// <summary>Keeps a desk for the next test; it must be empty.</summary>
    public static void Keep(FeedDesk desk) => Of(desk.Database.Provider).Add(desk);

    private static async Task EndAsync()
    {
        foreach (var desk in Idle.Values.SelectMany(desks => desks))
            await desk.Desk.DisposeAsync();
    }

    private static ConcurrentBag<FeedDesk> Of(Provider provider) => Idle.GetOrAdd(provider, _ => []);
}
