using System.Text.Json;
using Microsoft.OData;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Answers.Straight;

/// <summary>Has the library write one entity as a row of an answer, beside that answer.</summary>
internal static class FullSample
{
    /// <summary>The row.</summary>
    /// <param name="request">The request.</param>
    /// <param name="settings">Those of the answer.</param>
    /// <param name="write">Writes the entity with the serializer.</param>
    public static async Task<JsonElement> WriteAsync(
        FeedRequest request, ODataMessageWriterSettings settings, Func<ODataWriter, Task> write)
    {
        using var body = new MemoryStream();
        await using (var messages = new ODataMessageWriter(new Message(body, request.Parts), settings.Clone(), request.Feed.Model))
        {
            ODataUtils.SetHeadersForPayload(messages, ODataPayloadKind.ResourceSet);
            var writer = await messages.CreateODataResourceSetWriterAsync(request.Set, request.Set.EntityType);
            await writer.WriteStartAsync(new ODataResourceSet());
            await write(writer);
            await writer.WriteEndAsync();
        }
        using var json = JsonDocument.Parse(body.ToArray());
        return json.RootElement.GetProperty("value")[0].Clone();
    }

    private sealed class Message(Stream body, IServiceProvider parts) : IODataResponseMessageAsync, IServiceCollectionProvider
    {
        private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

        public IEnumerable<KeyValuePair<string, string>> Headers => _headers;

        public int StatusCode { get; set; } = StatusCodes.Status200OK;

        public IServiceProvider ServiceProvider => parts;

        public string? GetHeader(string headerName) => _headers.GetValueOrDefault(headerName);

        public void SetHeader(string headerName, string headerValue) => _headers[headerName] = headerValue;

        public Stream GetStream() => body;

        public Task<Stream> GetStreamAsync() => Task.FromResult(body);
    }
}
