using SupportTickets.Core;
using SupportTickets.Tickets;

namespace SupportTickets.Views;

/// <summary>The messages to a person about comments, requesters and tags.</summary>
internal static class ConversationWords
{
    /// <summary>The message for a broken rule; null for a field of something else.</summary>
    public static string? Of(FieldError error) => (error.Field, error.Code) switch
    {
        ("email", FieldErrorCode.Taken) when error.Message.StartsWith("A requester", StringComparison.Ordinal) =>
            "Another requester has this e-mail address: merge the two instead.",
        ("name", FieldErrorCode.Taken) when error.Message.StartsWith("A tag", StringComparison.Ordinal) =>
            "There is a tag with this name already: merge the two instead.",
        ("name", FieldErrorCode.NotAChoice) => "Enter a name without a comma.",
        ("body", FieldErrorCode.Required or FieldErrorCode.Null or FieldErrorCode.Blank) => "Write something first.",
        ("body", FieldErrorCode.TooLong) =>
            "Shorten the text: a comment has at most 1,000,000 bytes. A long log is better attached as a file.",
        ("body", FieldErrorCode.NullCharacter) => "Remove the null character from the text: it cannot be stored.",
        ("body", FieldErrorCode.Surrogate) => "Remove the broken character from the text: half of it is missing.",
        ("files", FieldErrorCode.TooLong) => $"Shorten the name of the file to {Attachment.MaxNameLength} characters or fewer.",
        ("files", FieldErrorCode.Hidden) => "Rename the file: its name has characters that do not show.",
        ("files", _) => "Rename the file: its name cannot be stored.",
        ("requester_email", FieldErrorCode.NotAnAddress) => "Enter the e-mail address like name@example.com, on one line.",
        ("requester_email", FieldErrorCode.TooLong) => "Shorten the e-mail address.",
        // Required: of those who must give both, or whose address is not known. Blank: the other of the two is there.
        ("requester_email", FieldErrorCode.Required) => "Enter your e-mail address.",
        ("requester_email", FieldErrorCode.Surrogate or FieldErrorCode.NullCharacter) =>
            "Remove from the e-mail address what does not show.",
        ("requester_email", _) => "Enter the e-mail address that belongs to the name.",
        ("requester_name", FieldErrorCode.Blank) => "Enter your name.",
        ("requester_name", FieldErrorCode.TooLong) => "Shorten the name of the requester.",
        ("requester_name", FieldErrorCode.Hidden) =>
            "Remove what does not show from the name of the requester: type it instead of pasting it.",
        ("requester_name", _) => "Enter the name of the requester: nobody with this address is known yet.",
        ("requester", _) => "Choose another requester.",
        ("organization", FieldErrorCode.TooLong) => $"Shorten the organization to {Requester.MaxOrganizationLength} characters or fewer.",
        ("notes", FieldErrorCode.TooLong) => $"Shorten the notes to {Requester.MaxNotesLength} characters or fewer.",
        ("into", _) => "There is no tag of this name. Choose one from the list.",
        ("tag", FieldErrorCode.NotAChoice) => "Choose another tag: this is the same one.",
        ("tags", FieldErrorCode.TooMany) => $"A ticket has at most {TagValidator.MaxTags} tags. Remove some first.",
        ("tags" or "tag", FieldErrorCode.TooLong) => $"Shorten the tag to {Tag.MaxNameLength} characters or fewer.",
        ("tags" or "tag", FieldErrorCode.Hidden) => "Remove what does not show from the tag: type it instead of pasting it.",
        ("tags" or "tag", _) => "Enter a tag of letters, digits and spaces, without a comma.",
        _ => null,
    };
}
