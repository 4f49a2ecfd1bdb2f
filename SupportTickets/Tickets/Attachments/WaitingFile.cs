using System.Security.Cryptography;
using System.Text;

namespace SupportTickets.Tickets.Attachments;

/// <summary>A file that was uploaded for a ticket or a comment that is not sent yet, as the form refers to it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Mark">Stands for its name and content. By it a ticket that is sent again is known to have the same files, also when they
/// were uploaded again or are deleted. Empty for the file of a comment.</param>
public sealed record WaitingFile(int Id, string Mark)
{
    /// <summary>A file that is not there.</summary>
    public static readonly WaitingFile Unknown = new(0, "");

    /// <summary>Refers to a file of a new ticket.</summary>
    public static WaitingFile Of(Attachment file) =>
        new(file.Id, Convert.ToHexStringLower(SHA256.HashData([.. file.Hash, .. Encoding.UTF8.GetBytes(file.Name)])));
}
