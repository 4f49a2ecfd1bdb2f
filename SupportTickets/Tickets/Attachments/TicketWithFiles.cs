using Microsoft.EntityFrameworkCore;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Submissions;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tickets.Attachments;

/// <summary>
/// Creates a ticket together with the files that were uploaded for it (<see cref="UploadAttachment.ForNewTicketAsync"/>), with an event
/// for each, in one transaction.
/// </summary>
public sealed class TicketWithFiles(TicketDb db, CreateTicket create, Settings settings)
{
    /// <summary>Creates a ticket, once for each key.</summary>
    /// <param name="input">As received.</param>
    /// <param name="origin">Who creates it, and through which channel.</param>
    /// <param name="accepted">The suggestions that the person saw, to record what they chose.</param>
    /// <param name="key">The idempotency key that was sent with the ticket; null when there was none.</param>
    /// <param name="files">The uploaded files.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>What <see cref="CreateTicket"/> gives, or <see cref="AttachmentRefused"/>.</returns>
    public async Task<Result<Ticket>> HandleAsync(
        TicketInput input, Origin origin, SeenSuggestions accepted, IdempotencyKey? key, IReadOnlyCollection<WaitingFile> files,
        CancellationToken cancel) =>
        files.Count > Attachment.MaxAtOnce
            ? TooMany
            : await create.HandleAsync(input, origin, accepted, key, cancel, Enclose(files, origin, cancel));

    /// <summary>Creates a ticket for a caller who may not read it, once for each key.</summary>
    /// <inheritdoc cref="HandleAsync" path="/param" />
    /// <returns>What <see cref="CreateTicket"/> gives, or <see cref="AttachmentRefused"/>.</returns>
    public async Task<Result<TicketReceipt>> HandInAsync(
        TicketInput input, Origin origin, SeenSuggestions accepted, IdempotencyKey? key, IReadOnlyCollection<WaitingFile> files,
        CancellationToken cancel) =>
        files.Count > Attachment.MaxAtOnce
            ? TooMany
            : await create.HandInAsync(input, origin, accepted, key, cancel, Enclose(files, origin, cancel));

    private static AttachmentRefused TooMany => new(AttachmentRefusal.TooMany, "", Attachment.MaxAtOnce);

    private Enclosed? Enclose(IReadOnlyCollection<WaitingFile> files, Origin origin, CancellationToken cancel) => files.Count == 0
        ? null
        : new([.. files.Select(f => f.Mark).Order(StringComparer.Ordinal)], ticket => TakeAsync(ticket, files, origin, cancel));

    private async Task<Problem?> TakeAsync(
        Ticket ticket, IReadOnlyCollection<WaitingFile> files, Origin origin, CancellationToken cancel)
    {
        List<int> ids = [.. files.Select(f => f.Id).Distinct()];
        var waiting = UploadAttachment.Pending(db, null).Where(f => ids.Contains(f.Id));
        var stored = await waiting.AsNoTracking().OrderBy(f => f.Id).ToListAsync(cancel);
        // Another ticket may take them at the same moment: the one whose statement finds them all has them.
        var taken = await waiting.ExecuteUpdateAsync(set => set
            .SetProperty(f => f.TicketId, ticket.Id).SetProperty(f => f.IsInternal, false).SetProperty(f => f.CreatedAt, ticket.CreatedAt),
            cancel);
        if (taken < ids.Count)
            return new AttachmentRefused(AttachmentRefusal.Gone, "", 0);
        var limit = settings.Attachments.MaxTicketBytes;
        long size = 0;
        foreach (var file in stored)
        {
            if ((size += file.Size) > limit)
                return new AttachmentRefused(AttachmentRefusal.TicketFull, file.Name, limit);
            file.IsInternal = false;
            ticket.Attached(file, ticket.CreatedAt, origin);
        }
        return null;
    }
}
