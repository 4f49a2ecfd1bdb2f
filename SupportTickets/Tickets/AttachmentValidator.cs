using SupportTickets.Core;

namespace SupportTickets.Tickets;

/// <summary>The rules for the names of files, used by all faces.</summary>
public static class AttachmentValidator
{
    /// <summary>
    /// Checks the name of a file, and takes the folders away that some programs send with it. It only tells people what the file is:
    /// the desk never goes by it.
    /// </summary>
    public static Result<string> Name(string? supplied)
    {
        var errors = new List<FieldError>();
        var bare = (supplied ?? "")[((supplied ?? "").LastIndexOfAny(['/', '\\']) + 1)..];
        // "." and ".." are folders too.
        var name = VisibleText.Name(errors, "files", bare.Trim().Trim('.').Length == 0 ? "" : bare, Attachment.MaxNameLength);
        return errors.Count > 0 ? new InvalidInput(errors) : name!;
    }
}
