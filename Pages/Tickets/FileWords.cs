using SupportTickets.Core;
using SupportTickets.Pages.Shared;
using SupportTickets.Tickets;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>Why a file was not taken, for people.</summary>
internal static class FileWords
{
    /// <summary>The sentence.</summary>
    public static string Of(Problem problem) => problem switch
    {
        AttachmentRefused { Why: AttachmentRefusal.TooLarge } refused =>
            $"“{refused.Name}” is too large: a file has at most {Words.Bytes(refused.Limit)}.",
        AttachmentRefused { Why: AttachmentRefusal.TicketFull } refused =>
            $"“{refused.Name}” does not fit: all files of a ticket together have at most {Words.Bytes(refused.Limit)}.",
        AttachmentRefused { Why: AttachmentRefusal.TooMany } refused =>
            $"At most {refused.Limit} files are sent at once. Send the others afterwards.",
        FormRefused refused => refused.Fault.Message,
        AttachmentRefused => "A file is not there any more. Choose it again.",
        InvalidInput { Errors: [var error, ..] } => Words.Of(error),
        TicketNotFound or TicketDeleted => "The ticket is not there any more.",
        _ => "The file could not be stored. Try again.",
    };
}
