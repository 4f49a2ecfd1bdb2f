namespace SupportTickets.Pages.Tickets;

/// <summary>The answer to a form whose ticket is gone, drawn by Gone.cshtml: it shows what was typed.</summary>
/// <param name="WasDeleted">Whether there was such a ticket.</param>
/// <param name="List">The address of the list that the reader came from.</param>
/// <param name="Typed">What was typed, each text with the name of its field.</param>
public sealed record GoneTicket(bool WasDeleted, string List, IReadOnlyList<(string Label, string Text)> Typed)
{
    /// <summary>The HTTP status.</summary>
    public int Status => WasDeleted ? StatusCodes.Status410Gone : StatusCodes.Status404NotFound;

    /// <summary>The texts of fields in which something was typed.</summary>
    public static IReadOnlyList<(string Label, string Text)> Filled(params (string Label, string Text)[] fields) =>
        [.. fields.Where(typed => typed.Text.Length > 0)];
}
