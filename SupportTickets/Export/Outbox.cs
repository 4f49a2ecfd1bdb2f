namespace SupportTickets.Export;

/// <summary>
/// What is written waits here until it is sent on: the library of ZIP archives ends its parts in the thread that asks,
/// which a server does not let block on a reader. It cannot seek, so that nothing that was sent is asked for again.
/// </summary>
internal sealed class Outbox(Stream destination) : Stream
{
    private readonly MemoryStream _waiting = new();

    /// <summary>How many bytes wait.</summary>
    public int Waiting => (int)_waiting.Length;

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

    /// <summary>Sends what waits.</summary>
    public async Task SendAsync(CancellationToken cancel)
    {
        await destination.WriteAsync(_waiting.GetBuffer().AsMemory(0, Waiting), cancel);
        _waiting.SetLength(0);
    }

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => _waiting.Write(buffer, offset, count);

    /// <inheritdoc />
    public override void Write(ReadOnlySpan<byte> buffer) => _waiting.Write(buffer);

    /// <inheritdoc />
    public override void Flush()
    {
    }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();
}
