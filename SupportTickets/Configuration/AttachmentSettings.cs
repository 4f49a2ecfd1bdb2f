namespace SupportTickets.Configuration;

/// <summary>The settings for files of tickets.</summary>
/// <param name="MaxBytes">MAX_ATTACHMENT_BYTES: a larger file is refused with 413.</param>
/// <param name="MaxTicketBytes">MAX_TICKET_ATTACHMENT_BYTES: all files of a ticket together.</param>
/// <param name="Directory">ATTACHMENTS_DIR: where the content is; null = in the database.</param>
public sealed record AttachmentSettings(long MaxBytes, long MaxTicketBytes, string? Directory)
{
    /// <summary>Reads the settings.</summary>
    /// <exception cref="SettingException">A limit is out of its range.</exception>
    internal static AttachmentSettings Read(Func<string, string?> text) => new(
        Settings.Whole(text, "MAX_ATTACHMENT_BYTES", 1, int.MaxValue) ?? 10 * 1024 * 1024,
        Settings.Whole(text, "MAX_TICKET_ATTACHMENT_BYTES", 1, int.MaxValue) ?? 100 * 1024 * 1024,
        text("ATTACHMENTS_DIR"));

    /// <summary>Creates the directory where it is missing, and checks that files can be written there.</summary>
    /// <exception cref="SettingException">They cannot.</exception>
    public void Prepare()
    {
        if (Directory is null) return;
        try
        {
            System.IO.Directory.CreateDirectory(Directory);
            using var probe = File.Create(Path.Combine(Directory, Path.GetRandomFileName()), 1, FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingException($"ATTACHMENTS_DIR must be a directory in which files can be written, but \"{Directory}\" is none: "
                + error.Message);
        }
    }
}
