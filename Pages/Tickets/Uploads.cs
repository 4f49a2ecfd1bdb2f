using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Pages.Shared;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Attachments;

namespace SupportTickets.Pages.Tickets;

/// <summary>A file that was uploaded for a ticket or a comment that is not sent yet.</summary>
/// <param name="Token">What the form sends for it.</param>
/// <param name="File">What the token says.</param>
/// <param name="Name">Its name.</param>
/// <param name="Size">Its length in bytes.</param>
public sealed record Upload(string Token, WaitingFile File, string Name, long Size);

/// <summary>The files that a form brings.</summary>
/// <param name="Files">All that it refers to, also those that are gone.</param>
/// <param name="Waiting">Those that wait for it.</param>
/// <param name="Refused">Why a file was not taken, or the form as a whole; null when all were.</param>
public sealed record PostedUploads(IReadOnlyCollection<WaitingFile> Files, IReadOnlyList<Upload> Waiting, Problem? Refused)
{
    /// <summary>No files.</summary>
    public static readonly PostedUploads None = new([], [], null);
}

/// <summary>The choice of files in a form, drawn by ChooseFiles.cshtml.</summary>
/// <param name="Address">Where attach.js uploads them.</param>
/// <param name="Files">Those that are uploaded.</param>
public sealed record FileChoice(string Address, IReadOnlyList<Upload> Files);

/// <summary>
/// The files that somebody uploaded for the ticket or the comment that they are writing. The form refers to each by a token that only
/// the desk can make, and that holds for this person, and for new tickets or the comments of one ticket.
/// </summary>
public sealed class Uploads(IDataProtectionProvider protection, UploadAttachment upload)
{
    private const string OfComments = "attachments of a comment", OfTickets = "attachments of a new ticket";

    /// <summary>Stores a file.</summary>
    /// <param name="ticket">The ticket for whose comment it is; null for a new ticket.</param>
    /// <param name="caller">Who uploads it.</param>
    /// <param name="file">The file as it came in.</param>
    /// <param name="others">The files for the same ticket, as far as they are known.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public async Task<Result<Upload>> StoreAsync(
        int? ticket, Caller caller, IncomingFile file, IEnumerable<WaitingFile> others, CancellationToken cancel)
    {
        var result = ticket is { } id
            ? await upload.ForCommentAsync(id, file, cancel)
            : await upload.ForNewTicketAsync(file, [.. others.Select(f => f.Id)], cancel);
        return result.Succeeded(out var stored, out var problem) ? Of(ticket, caller, stored) : problem;
    }

    /// <summary>
    /// Reads the files of a form: those that were uploaded before, and those that came with it. These are uploaded now: if the text is
    /// refused, they need not be chosen again. A token that does not hold stands for a file that is gone.
    /// </summary>
    public async Task<PostedUploads> ReadAsync(HttpContext http, int? ticket, CancellationToken cancel)
    {
        var caller = http.Caller();
        Problem? refused = http.Features.Get<FormRefused>();
        List<WaitingFile> files =
            [.. http.Request.Form["upload"].Select(token => Read(ticket, caller, token ?? "") ?? WaitingFile.Unknown)];
        foreach (var file in http.PostedFiles())
        {
            if (files.Count == Attachment.MaxAtOnce)
                refused ??= new AttachmentRefused(AttachmentRefusal.TooMany, "", Attachment.MaxAtOnce);
            else if ((await StoreAsync(ticket, caller, file, files, cancel)).Succeeded(out var stored, out var problem))
                files.Add(stored.File);
            else
                refused ??= problem;
        }
        return files.Count == 0 ? PostedUploads.None with { Refused = refused } : new(files, await FindAsync(), refused);

        async Task<IReadOnlyList<Upload>> FindAsync() =>
            [.. (await upload.PendingAsync(ticket, [.. files.Select(f => f.Id)], cancel)).Select(file => Of(ticket, caller, file))];
    }

    /// <summary>
    /// Tells of each file whether the desk has it: it waits, or what it was uploaded for has taken it. Then the form that brings it was
    /// sent before, and is known again.
    /// </summary>
    public async Task<IReadOnlyList<bool>> AreThereAsync(int? ticket, Caller caller, IEnumerable<string?> tokens, CancellationToken cancel)
    {
        List<WaitingFile?> files = [.. tokens.Select(token => Read(ticket, caller, token ?? ""))];
        var there = await upload.ThereAsync([.. files.OfType<WaitingFile>().Select(f => f.Id)], cancel);
        return [.. files.Select(file => file is not null && there.Contains(file.Id))];
    }

    /// <summary>Deletes an upload that nothing has taken.</summary>
    public Task DiscardAsync(int? ticket, Caller caller, string token, CancellationToken cancel) =>
        Read(ticket, caller, token) is { } file ? upload.DiscardAsync(ticket, file.Id, cancel) : Task.CompletedTask;

    // Null for a token that is not one of theirs for this ticket.
    private WaitingFile? Read(int? ticket, Caller caller, string token)
    {
        try
        {
            var parts = Protector(ticket, caller).Unprotect(token).Split(' ');
            return new(int.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture), parts is [_, var mark] ? mark : "");
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private Upload Of(int? ticket, Caller caller, Attachment stored)
    {
        var id = stored.Id.ToString(CultureInfo.InvariantCulture);
        // What a comment sends is the same in the version before, which may run beside this one.
        var file = ticket is null ? WaitingFile.Of(stored) : new(stored.Id, "");
        return new(Protector(ticket, caller).Protect(ticket is null ? $"{id} {file.Mark}" : id), file, stored.Name, stored.Size);
    }

    private IDataProtector Protector(int? ticket, Caller caller) => ticket is { } id
        ? protection.CreateProtector(OfComments, id.ToString(CultureInfo.InvariantCulture), caller.SubmissionScope)
        : protection.CreateProtector(OfTickets, caller.SubmissionScope);
}
