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

/// <summary>A stream that can discard further writes: closing a writer after a failure must not complete its document.</summary>
internal sealed class StoppableStream(Stream inner) : Stream
{
    private bool _stopped;

    /// <summary>How many bytes were written. The library's writer buffers less than 16 KB more.</summary>
    public long Written { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Discards everything written from now on.</summary>
    public void Stop() => _stopped = true;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Written += buffer.Length;
        return _stopped ? ValueTask.CompletedTask : inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        _stopped ? Task.CompletedTask : inner.FlushAsync(cancellationToken);

    public override void Write(byte[] buffer, int offset, int count)
    {
        Written += count;
        if (!_stopped) inner.Write(buffer, offset, count);
    }

    public override void Flush()
    {
        // The server flushes by itself, and only asynchronously.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
