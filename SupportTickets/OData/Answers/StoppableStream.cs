using System.Buffers;

namespace SupportTickets.OData.Answers;

/// <summary>
/// The body of an answer. It can discard further writes: closing a writer after a failure must not complete its document. It can also
/// hold what is written until it is sent, so that rows can be put between two parts that the library writes.
/// </summary>
internal sealed class StoppableStream(Stream inner) : Stream
{
    /// <summary>Bytes that are held before they are sent: as many as the library's writer buffers.</summary>
    public const int SendAt = 16 * 1024;

    private ArrayBufferWriter<byte>? _held;
    private bool _stopped;
    private long _sent;

    /// <summary>How many bytes were written. While nothing is held, the library's writer buffers less than 16 KB more.</summary>
    public long Written => _sent + Held.Length;

    /// <summary>What is held.</summary>
    public ReadOnlySpan<byte> Held => _held is null ? [] : _held.WrittenSpan;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Discards everything written from now on.</summary>
    public void Stop() => _stopped = true;

    /// <summary>Holds everything written from now on; what is written to the result is held too.</summary>
    public IBufferWriter<byte> Hold() => _held ??= new(2 * SendAt);

    /// <summary>Sends what is held.</summary>
    public async ValueTask SendAsync()
    {
        if (_held is not { WrittenCount: > 0 })
            return;
        _sent += _held.WrittenCount;
        if (!_stopped) await inner.WriteAsync(_held.WrittenMemory);
        _held.ResetWrittenCount();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_held is not null)
        {
            _held.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
        _sent += buffer.Length;
        return _stopped ? ValueTask.CompletedTask : inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        _stopped || _held is not null ? Task.CompletedTask : inner.FlushAsync(cancellationToken);

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (_held is not null)
        {
            _held.Write(buffer.AsSpan(offset, count));
            return;
        }
        _sent += count;
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
