namespace SupportTickets.Pages.Shared;

/// <summary>A breakdown as horizontal bars. Drawn by Bars.cshtml.</summary>
/// <param name="Id">Unique on the page.</param>
/// <param name="Title">What is broken down.</param>
/// <param name="Rows">The parts.</param>
public sealed record Bars(string Id, string Title, IReadOnlyList<Bar> Rows)
{
    /// <summary>The sum of the parts.</summary>
    public int Total => Rows.Sum(r => r.Count);
}

/// <summary>A part of a breakdown.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Count">Tickets.</param>
/// <param name="Url">The list of them.</param>
/// <param name="Tone">Its class in the stylesheet.</param>
public sealed record Bar(string Label, int Count, string Url, string Tone);
