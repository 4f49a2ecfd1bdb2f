using System.Security.Cryptography;
using System.Text;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Attachments;

namespace SupportTickets.Maintenance;

/// <summary>The small files that some seeded tickets come with. There are few, so their content is not kept for each ticket.</summary>
internal static class SeedFiles
{
    private static readonly byte[] Log = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 24).Select(line =>
        $"08:{14 + line / 4:00}:{line * 7 % 60:00}.{line * 137 % 1000:000} {(line % 6 == 5 ? "ERROR" : "INFO ")} "
        + $"{(line % 6 == 5 ? "request failed, status 502" : "request served")} id={line * 7919 % 100_000:00000}\n")));

    private static readonly byte[] Table = Encoding.UTF8.GetBytes(
        "invoice,date,amount\n"
        + string.Concat(Enumerable.Range(1, 12).Select(month => $"2026-{month:00}-001,2026-{month:00}-01,49.00\n")));

    // One grey pixel.
    private static readonly byte[] Picture = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==");

    private static readonly (string Name, string MediaType, byte[] Content, byte[] Hash)[] All =
    [
        ("console.log", MediaTypes.Text, Log, SHA256.HashData(Log)),
        ("screenshot.png", "image/png", Picture, SHA256.HashData(Picture)),
        ("payments.csv", MediaTypes.Text, Table, SHA256.HashData(Table)),
    ];

    /// <summary>A file that fits what a ticket is about; not saved yet.</summary>
    public static Attachment For(Category category, DateTime at)
    {
        var (name, type, content, hash) = All[category switch { Category.technical => 0, Category.billing => 2, _ => 1 }];
        return new() { Name = name, MediaType = type, Size = content.Length, Hash = hash, CreatedAt = at };
    }

    /// <summary>The content of a saved file.</summary>
    public static AttachmentPiece PieceOf(Attachment file) =>
        new() { AttachmentId = file.Id, Number = 0, Content = Array.Find(All, known => known.Name == file.Name).Content };
}
