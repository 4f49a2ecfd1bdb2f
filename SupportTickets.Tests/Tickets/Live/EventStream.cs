using System.Net.ServerSentEvents;

namespace SupportTickets.Tests.Tickets.Live;

/// <summary>A stream of changes as a browser reads it.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    // For a word that never comes: the test fails instead of waiting for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _items;
    private readonly SseParser<string> _parser;

    private EventStream(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _parser = SseParser.Create(body);
        _items = _parser.EnumerateAsync(Cancel).GetAsyncEnumerator(Cancel);
    }

    /// <summary>The answer, whose body goes on.</summary>
    public HttpResponseMessage Response => _response;

    /// <summary>The id of the last event: where to go on from.</summary>
    public string Mark => _parser.LastEventId;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<EventStream> OpenAsync(
        HttpClient client, string? since = null, string? lastEventId = null, string path = "/dashboard/changes")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}?since={since}");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, br");
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        return new(response, await response.Content.ReadAsStreamAsync(Cancel));
    }

    /// <summary>The type of the next event; null when the stream has ended.</summary>
    public async Task<string?> NextAsync()
    {
        try
        {
            return await _items.MoveNextAsync().AsTask().WaitAsync(Patience, Cancel) ? _items.Current.EventType : null;
        }
        catch (IOException)
        {
            return null; // the server went away
        }
    }

    public ValueTask DisposeAsync()
    {
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
