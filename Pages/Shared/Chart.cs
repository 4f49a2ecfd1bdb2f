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

    private const int Steps = 4;

    /// <summary>Units of the drawing from the first to the last day.</summary>
    public int Width => (Days.Count - 1) * DayWidth;

    /// <summary>The largest value of the scale: <see cref="Steps"/> times 1, 2 or 5 times a power of ten.</summary>
    public int Top => Steps * Step(Math.Max(1, Series.Max(s => s.Values.Max())));

    /// <summary>The labelled values of the scale, largest first.</summary>
    public IEnumerable<int> Scale => Enumerable.Range(0, Steps + 1).Select(i => Top / Steps * (Steps - i));

    /// <summary>The labelled days: the ends and two between.</summary>
    public IEnumerable<DateOnly> Labels => Enumerable.Range(0, 4).Select(i => Days[i * (Days.Count - 1) / 3]);

    /// <summary>The corners of a series' line, for a polyline.</summary>
    public string Points(Series series) => string.Join(' ', series.Values.Select((value, day) => $"{day * DayWidth},{Y(value)}"));

    /// <summary>The same, closed along zero, for a polygon.</summary>
    public string AreaPoints(Series series) => $"0,{Height} {Points(series)} {Width},{Height}";

    /// <summary>What happened on a day, in words.</summary>
    public string Words(int day) => $"{Shared.Words.Day(Days[day])}: {string.Join(", ", Series.Select(s => $"{Shared.Words.Number(s.Values[day])} {s.Name.ToLowerInvariant()}"))}";

    private string Y(int value) => (Height - (double)Height * value / Top).ToString("0.##", CultureInfo.InvariantCulture);

    private static int Step(int max)
    {
        for (var power = 1; ; power *= 10)
        {
            foreach (var factor in (int[])[1, 2, 5])
                if ((long)power * factor * Steps >= max) return power * factor;
        }
    }
}

/// <summary>A line of a chart.</summary>
/// <param name="Name">For the legend and the table.</param>
/// <param name="Style">Its class in the stylesheet.</param>
/// <param name="Values">One a day.</param>
public sealed record Series(string Name, string Style, IReadOnlyList<int> Values);
