using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Configuration;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Attachments;

/// <summary>
/// Where the content of files is: in the database, or in ATTACHMENTS_DIR as files that are named by their id. Both are written and
/// read piece by piece.
/// </summary>
public sealed class AttachmentContents(TicketDb db, Settings settings)
{
    private const int BufferLength = 64 * 1024;

    /// <summary>
    /// Stores the content of a file that has its row, in the open transaction. A file in ATTACHMENTS_DIR is on the disk before the
    /// transaction ends; if that does not happen, the file has no row and <see cref="AttachmentSweeper"/> deletes it.
    /// </summary>
    internal async Task WriteAsync(Attachment file, Stream content, CancellationToken cancel)
    {
        if (settings.Attachments.Directory is { } directory)
        {
            await using var stored = new FileStream(PathOf(directory, file.Id), FileMode.Create, FileAccess.Write, FileShare.None);
            await content.CopyToAsync(stored, BufferLength, cancel);
            stored.Flush(flushToDisk: true);
            return;
        }
        // The pool has arrays of exactly this length.
        var buffer = ArrayPool<byte>.Shared.Rent(AttachmentPiece.Length);
        try
        {
            for (var number = 0; ; number++)
            {
                var read = await content.ReadAtLeastAsync(
                    buffer.AsMemory(0, AttachmentPiece.Length), AttachmentPiece.Length, throwOnEndOfStream: false, cancel);
                if (read == 0)
                    return;
                var bytes = read == buffer.Length ? buffer : buffer[..read];
                // Not through the change tracker, which would keep every piece until the end.
                await db.Database.ExecuteSqlAsync(
                    $"INSERT INTO attachment_pieces (attachment_id, number, content) VALUES ({file.Id}, {number}, {bytes})", cancel);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The content, one part after the other.</summary>
    /// <exception cref="InvalidDataException">A piece is not there, for example because the file was deleted meanwhile.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        Attachment file, [EnumeratorCancellation] CancellationToken cancel)
    {
        var left = file.Size;
        if (left > 0 && Open(file.Id) is { } stored)
        {
            await using (stored)
            {
                var buffer = new byte[BufferLength];
                for (int read; left > 0 && (read = await stored.ReadAsync(buffer, cancel)) > 0; left -= read)
                    yield return buffer.AsMemory(0, read);
            }
        }
        else
        {
            for (; left > 0 && await PartAsync(file.Id, file.Size - left, cancel) is { Length: > 0 } part; left -= part.Length)
                yield return part;
        }
        if (left != 0)
            throw new InvalidDataException($"The content of file {file.Id} is not as long as its row says.");
    }

    /// <summary>The file with the content of an id.</summary>
    internal static string PathOf(string directory, int id) => Path.Combine(directory, id.ToString(CultureInfo.InvariantCulture));

    // Not a whole piece at once: the runtime collects arrays of more than 85,000 bytes late. Each part is a statement of its own:
    // somebody who reads slowly keeps neither a snapshot nor a connection busy.
    private Task<byte[]?> PartAsync(int id, long at, CancellationToken cancel)
    {
        var (number, from) = ((int)(at / AttachmentPiece.Length), (int)(at % AttachmentPiece.Length) + 1);
        return db.AttachmentPieces.FromSql(
                $"""
                SELECT attachment_id, number, substr(content, {from}, {BufferLength}) AS content FROM attachment_pieces
                WHERE attachment_id = {id} AND number = {number}
                """)
            .AsNoTracking().Select(p => (byte[]?)p.Content).SingleOrDefaultAsync(cancel);
    }

    // Null for a file from the time before ATTACHMENTS_DIR was set.
    private FileStream? Open(int id)
    {
        if (settings.Attachments.Directory is not { } directory)
            return null;
        try
        {
            return new FileStream(
                PathOf(directory, id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, useAsync: true);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
