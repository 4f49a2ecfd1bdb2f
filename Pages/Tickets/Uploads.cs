using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Attachments;

namespace SupportTickets.Pages.Tickets;

/// <summary>A file that was uploaded for a comment.</summary>
/// <param name="Token">What the form sends for it.</param>
/// <param name="Id">The id of the file.</param>
/// <param name="Name">Its name.</param>
/// <param name="Size">Its length in bytes.</param>
public sealed record Upload(string Token, int Id, string Name, long Size);

/// <summary>
/// The files that somebody uploaded for the comment that they are writing. The form refers to each by a token that only the desk can
/// make, and that holds for this person and this ticket only.
/// </summary>
public sealed class Uploads(IDataProtectionProvider protection, UploadAttachment upload)
{
    private const string Purpose = "attachments of a comment";

    /// <summary>Stores a file.</summary>
    public async Task<Result<Upload>> StoreAsync(int ticket, Caller caller, IncomingFile file, CancellationToken cancel) =>
        (await upload.ForCommentAsync(ticket, file, cancel)).Succeeded(out var stored, out var problem)
            ? Of(ticket, caller, stored)
            : problem;

    /// <summary>The uploads that a form refers to, without those that are gone.</summary>
    public async Task<IReadOnlyList<Upload>> FindAsync(int ticket, Caller caller, IEnumerable<int> ids, CancellationToken cancel) =>
        [.. (await upload.PendingAsync(ticket, [.. ids], cancel)).Select(file => Of(ticket, caller, file))];

    /// <summary>Deletes an upload that no comment has taken.</summary>
    public Task DiscardAsync(int ticket, Caller caller, string token, CancellationToken cancel) =>
        Read(ticket, caller, token) is { } id ? upload.DiscardAsync(ticket, id, cancel) : Task.CompletedTask;

    /// <summary>The id of the file of a token; null for a token that is not one of theirs for this ticket.</summary>
    public int? Read(int ticket, Caller caller, string token)
    {
        try
        {
            return int.Parse(Protector(ticket, caller).Unprotect(token), NumberStyles.None, CultureInfo.InvariantCulture);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private Upload Of(int ticket, Caller caller, Attachment file) => new(
        Protector(ticket, caller).Protect(file.Id.ToString(CultureInfo.InvariantCulture)), file.Id, file.Name, file.Size);

    private IDataProtector Protector(int ticket, Caller caller) => protection
        .CreateProtector(Purpose, ticket.ToString(CultureInfo.InvariantCulture), caller.SubmissionScope);
}
