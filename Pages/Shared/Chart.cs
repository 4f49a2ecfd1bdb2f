using System.Globalization;

namespace SupportTickets.Pages.Shared;

/// <summary>A chart of whole numbers per day, from zero: lines, or an area for a stock. Drawn by Chart.cshtml.</summary>
/// <param name="Id">Unique on the page.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Days">At least two, in order.</param>
/// <param name="Series">Each with one value a day.</param>
/// <param name="Area">Fill below the line.</param>
public sealed record Chart(string Id, string Title, IReadOnlyList<DateOnly> Days, IReadOnlyList<Series> Series, bool Area = false)
{
    /// <summary>Units of the drawing between two days.</summary>
    public const int DayWidth = 10;

    /// <summary>Units of the drawing from zero to <see cref="Top"/>.</summary>
    public const int Height = 100;

    private const int MaxSteps = 5;

    /// <summary>Units of the drawing from the first to the last day.</summary>
    public int Width => (Days.Count - 1) * DayWidth;

    /// <summary>The labelled values of the scale, largest first: at most six, 1, 2 or 5 times a power of ten apart.</summary>
    public IEnumerable<int> Scale => Enumerable.Range(0, Top / Step + 1).Select(i => Top - i * Step);

    /// <summary>The largest value of the scale.</summary>
    public int Top => (Max + Step - 1) / Step * Step;

    /// <summary>The labelled days: the ends and two between.</summary>
    public IEnumerable<DateOnly> Labels => Enumerable.Range(0, 4).Select(i => Days[i * (Days.Count - 1) / 3]);

    /// <summary>The corners of a series' line, for a polyline.</summary>
    public string Points(Series series) => string.Join(' ', series.Values.Select((value, day) => $"{day * DayWidth},{Y(value)}"));

    /// <summary>The same, closed along zero, for a polygon.</summary>
    public string AreaPoints(Series series) => $"0,{Height} {Points(series)} {Width},{Height}";

    /// <summary>What happened on a day, in words.</summary>
    public string Words(int day) => $"{Shared.Words.Day(Days[day])}: {string.Join(", ", Series.Select(s => $"{Shared.Words.Number(s.Values[day])} {s.Name.ToLowerInvariant()}"))}";

    private int Max => Math.Max(1, Series.Max(s => s.Values.Max()));

    private int Step => (from power in (int[])[1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000]
                         from factor in (int[])[1, 2, 5]
                         select power * factor).First(step => (long)step * MaxSteps >= Max);

    /// <summary>The height of a value in the drawing, whose zero is at the bottom.</summary>
    public string Y(int value) => (Height - (double)Height * value / Top).ToString("0.##", CultureInfo.InvariantCulture);
}

/// <summary>A line of a chart.</summary>
/// <param name="Name">For the legend and the table.</param>
/// <param name="Style">Its class in the stylesheet.</param>
/// <param name="Values">One a day.</param>
public sealed record Series(string Name, string Style, IReadOnlyList<int> Values);
