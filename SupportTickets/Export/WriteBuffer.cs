namespace SupportTickets.Export;

/// <summary>
/// Buffers synchronous writes until the next asynchronous write. The platform's ZIP archive writes the end of each entry
/// synchronously, even in <see cref="Stream.DisposeAsync"/>, and a server does not let a thread block on a slow reader. The stream
/// cannot seek, so nobody asks again for bytes that were sent. Writes after it is disposed are discarded.
/// </summary>
internal sealed class WriteBuffer(Stream destination) : Stream
{
    private readonly MemoryStream _waiting = new();
    private Stream _destination = destination;

    /// <inheritdoc />
    public override bool CanRead => false;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanWrite => true;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => _waiting.Write(buffer, offset, count);

    /// <inheritdoc />
    public override void Write(ReadOnlySpan<byte> buffer) => _waiting.Write(buffer);

    /// <inheritdoc />
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc />
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await FlushAsync(cancellationToken);
        await _destination.WriteAsync(buffer, cancellationToken);
    }

    /// <inheritdoc />
    public override void Flush()
    {
    }

    /// <summary>Sends the buffered bytes.</summary>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_waiting.Length == 0) return;
        await _destination.WriteAsync(_waiting.GetBuffer().AsMemory(0, (int)_waiting.Length), cancellationToken);
        _waiting.SetLength(0);
    }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _destination = Null;
        base.Dispose(disposing);
    }
}
