namespace SupportTickets.Pages.Shared;

/// <summary>A breakdown as horizontal bars. Drawn by Bars.cshtml.</summary>
/// <param name="Id">An id, unique on the page.</param>
/// <param name="Title">The title.</param>
/// <param name="Rows">The parts.</param>
public sealed record Bars(string Id, string Title, IReadOnlyList<Bar> Rows)
{
    /// <summary>The sum of the parts.</summary>
    public int Total => Rows.Sum(r => r.Count);
}

/// <summary>A part of a breakdown.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Count">The number of tickets.</param>
/// <param name="Url">The address of the list with these tickets.</param>
/// <param name="Tone">Its class in the stylesheet.</param>
public sealed record Bar(string Label, int Count, string Url, string Tone);
