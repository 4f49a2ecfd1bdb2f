using System.Buffers;
using System.Security.Cryptography;

namespace SupportTickets.Tickets.Attachments;

/// <summary>
/// A file while it comes in. Its content is in a temporary file that has no name any more, so nothing of it is left when it is cut off
/// or the process ends. The database is not touched before all of it has arrived: SQLite has one writer, who must not wait for a
/// slow line.
/// </summary>
public sealed class IncomingFile : IAsyncDisposable
{
    private const int BufferLength = 64 * 1024;

    private readonly FileStream? _content;

    private IncomingFile(string? name, FileStream? content) => (Name, _content) = (name, content);

    /// <summary>The name, as received.</summary>
    public string? Name { get; }

    /// <summary>Whether it is longer than a file may be; its content is not kept then.</summary>
    public bool IsTooLarge => _content is null;

    /// <summary>The length in bytes.</summary>
    public long Size { get; private set; }

    /// <summary>See <see cref="Attachment.MediaType"/>.</summary>
    public string MediaType { get; private set; } = MediaTypes.Unknown;

    /// <summary>See <see cref="Attachment.Hash"/>.</summary>
    public byte[] Hash { get; private set; } = [];

    /// <summary>The content, from its beginning.</summary>
    internal Stream Content
    {
        get
        {
            var content = _content ?? throw new InvalidOperationException("The file was too large to be kept.");
            content.Position = 0;
            return content;
        }
    }

    /// <summary>A file that is not read, because it is longer than a file may be.</summary>
    public static IncomingFile TooLarge(string? name) => new(name, null);

    /// <summary>Reads a file. What is over the limit is not read.</summary>
    /// <param name="name">The name, as received.</param>
    /// <param name="source">The content.</param>
    /// <param name="limit">The most bytes that it may have.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public static async Task<IncomingFile> ReadAsync(string? name, Stream source, long limit, CancellationToken cancel)
    {
        var file = new IncomingFile(name, CreateTemporary());
        try
        {
            if (await file.FillAsync(source, limit, cancel))
                return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
        await file.DisposeAsync();
        return TooLarge(name);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _content?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<bool> FillAsync(Stream source, long limit, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var text = new TextProbe();
        var head = new byte[MediaTypes.HeadLength];
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            for (int read; (read = await source.ReadAsync(buffer.AsMemory(0, BufferLength), cancel)) > 0;)
            {
                var bytes = buffer.AsMemory(0, read);
                if (Size < head.Length)
                    bytes.Span[..(int)Math.Min(read, head.Length - Size)].CopyTo(head.AsSpan((int)Size));
                if ((Size += read) > limit)
                    return false;
                hash.AppendData(bytes.Span);
                text.Add(bytes.Span);
                await _content!.WriteAsync(bytes, cancel);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        Hash = hash.GetHashAndReset();
        MediaType = MediaTypes.Of(head.AsSpan(0, (int)Math.Min(Size, head.Length)), text.End());
        return true;
    }

    private static FileStream CreateTemporary()
    {
        var path = Path.Combine(Path.GetTempPath(), $"support-tickets-{Path.GetRandomFileName()}");
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        // Elsewhere an open file keeps its name.
        if (!OperatingSystem.IsWindows()) File.Delete(path);
        return file;
    }
}
