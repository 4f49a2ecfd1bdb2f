using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Attachments;

/// <summary>
/// Deletes once an hour what nobody needs any more: files that were uploaded for a ticket or a comment that was never sent, and files in
/// ATTACHMENTS_DIR whose row is gone. Several instances may do it at once.
/// </summary>
internal sealed class AttachmentSweeper(
    IServiceScopeFactory scopes, IDatabaseState database, TimeProvider clock, ILogger<AttachmentSweeper> log)
    : PeriodicWorker(scopes, database, clock, log)
{
    /// <inheritdoc />
    protected override string Work => "Deleting files that nobody needs";

    /// <inheritdoc />
    /// <remarks>It waits, because a starting desk has more urgent work.</remarks>
    protected override TimeSpan FirstPause => TimeSpan.FromMinutes(2);

    /// <inheritdoc />
    protected override TimeSpan Pause => TimeSpan.FromHours(1);

    /// <inheritdoc />
    protected override async Task<bool> WorkAsync(IServiceProvider services, CancellationToken cancel)
    {
        await services.GetRequiredService<SweepAttachments>().HandleAsync(cancel);
        return false;
    }
}

/// <summary>The work of <see cref="AttachmentSweeper"/>.</summary>
public sealed class SweepAttachments(TicketDb db, Settings settings, TimeProvider clock)
{
    /// <summary>How long an uploaded file waits for its ticket or comment.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    /// <summary>How old a file without a row must be: a younger one may belong to a transaction that is still open.</summary>
    public static readonly TimeSpan MaxTransaction = TimeSpan.FromHours(1);

    private const int BatchSize = 500;

    /// <summary>Deletes them.</summary>
    public async Task HandleAsync(CancellationToken cancel)
    {
        var limit = clock.Now() - MaxWait;
        await db.Attachments.IgnoreQueryFilters([ConversationTables.NotesFilter])
            .Where(f => f.CommentId == null && f.IsInternal && f.CreatedAt < limit).ExecuteDeleteAsync(cancel);
        if (settings.Attachments.Directory is not { } directory)
            return;
        // Files that somebody else put there have other names.
        foreach (var batch in Directory.EnumerateFiles(directory)
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0).Chunk(BatchSize))
            await SweepAsync(directory, batch, cancel);
    }

    private async Task SweepAsync(string directory, int[] ids, CancellationToken cancel)
    {
        // SQLite gives the id of a transaction that was rolled back to the next one, but not while this one keeps all writers out.
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var needed = await db.Attachments.IgnoreQueryFilters([ConversationTables.NotesFilter])
            .Where(f => ids.Contains(f.Id)).Select(f => f.Id).ToListAsync(cancel);
        foreach (var path in ids.Except(needed).Select(id => AttachmentContents.PathOf(directory, id)))
        {
            if (clock.GetUtcNow() - File.GetLastWriteTimeUtc(path) > MaxTransaction) File.Delete(path);
        }
    }
}
