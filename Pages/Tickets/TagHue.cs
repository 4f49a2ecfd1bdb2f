namespace SupportTickets.Pages.Tickets;

/// <summary>The colour of a tag, which follows from its name, so that it is the same on every page and after every start.</summary>
internal static class TagHue
{
    private const int Hues = 8;

    /// <summary>The number of a colour of the style sheet, from 0 to 7.</summary>
    public static int Of(string name) =>
        SupportTickets.Tickets.Tag.Normalized(name).Aggregate(0, (hash, c) => (hash * 31 + c) & 0xFFFF) % Hues;
}
