using System.Net;
using System.Text;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

/// <summary>Answers need as much memory for a million rows as for a thousand: rows leave as the database gives them.</summary>
public sealed class StreamingTests(StreamingTests.HeldDesks desks) : IClassFixture<StreamingTests.HeldDesks>
{
    private const int Count = 3000, HeldAt = 2500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [CombinedProviders("/odata/Tickets?$select=Id")]
    [CombinedProviders("/odata/Tickets")]
    [CombinedProviders("/odata/Tickets?$select=Id&$expand=CreatedOn($select=Key)")]
    [CombinedProviders("/odata/Tickets?$apply=groupby((Id,Status))")]
    public async Task Rows_arrive_while_the_database_is_still_giving_others(Provider provider, string url)
    {
        var (desk, database) = await desks.OfAsync(provider);

        database.Hold(HeldAt);
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { "Prefer", "odata.maxpagesize=10000" } } };
        using var response = await desk.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync(Cancel);
        var text = await ReadUntilAsync(body, "\"Id\":2000");
        Assert.False(database.WasReadToItsEnd);

        database.Release();
        using var rest = new StreamReader(body);
        Assert.EndsWith("]}", text + await rest.ReadToEndAsync(Cancel));
        Assert.True(database.WasReadToItsEnd);
    }

    // Gives up when nothing comes: then the rows were waiting for the last one.
    private static async Task<string> ReadUntilAsync(Stream body, string mark)
    {
        var (text, buffer) = (new StringBuilder(), new byte[16 * 1024]);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(Patience);
        while (!text.ToString().Contains(mark, StringComparison.Ordinal))
        {
            var read = await body.ReadAsync(buffer, patience.Token);
            Assert.True(read > 0, "The answer ended early.");
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        return text.ToString();
    }

    /// <summary>One desk on each database, because the tests only read.</summary>
    public sealed class HeldDesks : IAsyncDisposable
    {
        private readonly SharedDesks _desks = new();
        private readonly Dictionary<Provider, HeldReader> _readers = [];

        internal async Task<(FeedDesk Desk, HeldReader Database)> OfAsync(Provider provider)
        {
            var desk = await _desks.OfAsync(provider, async p =>
            {
                _readers[p] = new(Count);
                var started = await FeedDesk.StartAsync(p, interceptor: _readers[p]);
                await started.SeedManyAsync(Count, ManualClock.Monday.UtcDateTime);
                return started;
            });
            return (desk, _readers[provider]);
        }

        /// <inheritdoc />
        public ValueTask DisposeAsync() => _desks.DisposeAsync();
    }
}
