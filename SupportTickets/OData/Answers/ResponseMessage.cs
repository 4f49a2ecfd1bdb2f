using Microsoft.OData;

namespace SupportTickets.OData.Answers;

/// <summary>The HTTP response in the form that the library's writer needs.</summary>
internal sealed class ResponseMessage(HttpResponse response, Stream body, IServiceProvider parts)
    : IODataResponseMessageAsync,
        IServiceCollectionProvider
{
    public IEnumerable<KeyValuePair<string, string>> Headers =>
        response.Headers.Select(h => KeyValuePair.Create(h.Key, h.Value.ToString()));

    public int StatusCode { get => response.StatusCode; set => response.StatusCode = value; }

    public IServiceProvider ServiceProvider => parts;

    public string? GetHeader(string headerName) => response.Headers.TryGetValue(headerName, out var value) ? value.ToString() : null;

    public void SetHeader(string headerName, string headerValue) => response.Headers[headerName] = headerValue;

    public Stream GetStream() => body;

    public Task<Stream> GetStreamAsync() => Task.FromResult(body);
}
