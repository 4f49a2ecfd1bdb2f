using System.Globalization;
using SupportTickets.Tickets.Calendar;
using SupportTickets.Views;

namespace SupportTickets.Pages.Shared;

/// <summary>A chart of integers over time, starting at zero: lines, or an area. Drawn by Chart.cshtml.</summary>
/// <param name="Id">An id, unique on the page.</param>
/// <param name="Title">The title.</param>
/// <param name="Points">The days of each point, in order; at least one.</param>
/// <param name="Series">The series, each with one value for each point.</param>
/// <param name="Area">Whether the area below the line is filled.</param>
public sealed record Chart(string Id, string Title, IReadOnlyList<DayRange> Points, IReadOnlyList<Series> Series, bool Area = false)
{
    /// <summary>Units of the drawing between two points.</summary>
    public const int PointWidth = 10;

    /// <summary>Units of the drawing from zero to <see cref="Top"/>.</summary>
    public const int Height = 100;

    // With more points than this, a dot is shown only under the pointer.
    private const int MaxDots = 31;

    private const int MaxSteps = 5;
    private const int MaxLabels = 6;

    // The smallest distance between names at the ends of lines, in units of the drawing: the height of a line of text.
    private const double LabelHeight = 11;

    /// <summary>Units of the drawing from the first to the last point.</summary>
    public int Width => Math.Max(1, Points.Count - 1) * PointWidth;

    /// <summary>Whether each point is marked.</summary>
    public bool HasDots => Points.Count <= MaxDots;

    /// <summary>Whether points are weeks, not days.</summary>
    public bool ByWeek => Points.Any(p => p.Days > 1);

    /// <summary>The labelled values of the scale, largest first: at most six, in steps of 1, 2 or 5 times a power of ten.</summary>
    public IEnumerable<int> Scale => Enumerable.Range(0, Top / Step + 1).Select(i => Top - i * Step);

    /// <summary>The largest value of the scale.</summary>
    public int Top => (Max + Step - 1) / Step * Step;

    /// <summary>
    /// The labelled points, each with its horizontal position in per cent: all of a few days, otherwise Mondays, otherwise the
    /// starts of months; at most six.
    /// </summary>
    public IEnumerable<(double Place, string Text)> Labels
    {
        get
        {
            var at = Enumerable.Range(0, Points.Count).Where(IsLabelled).ToList();
            var step = (at.Count + MaxLabels - 1) / MaxLabels;
            return at.Where((_, i) => i % step == 0)
                .Select((point, i) => (100.0 * X(point) / Width, Label(Points[point].First, isFirst: i == 0)));
        }
    }

    /// <summary>
    /// The names at the ends of the lines, with their vertical position in per cent from the top, moved apart where they would
    /// overlap.
    /// </summary>
    public IEnumerable<(Series Series, double Place)> Ends
    {
        get
        {
            var last = double.NegativeInfinity;
            var ends = Series.OrderBy(s => Y(s.Values[^1]))
                .Select(s => (Series: s, Place: last = Math.Max(Y(s.Values[^1]), last + LabelHeight)))
                .ToList();
            var below = Math.Max(0, last - Height);
            return ends.Select(e => (e.Series, e.Place - below));
        }
    }

    /// <summary>The corners of a series' line, for a polyline.</summary>
    public string Line(Series series) => string.Join(' ', series.Values.Select((value, point) => $"{X(point)},{Text(Y(value))}"));

    /// <summary>The points of the line, closed along zero, for a polygon.</summary>
    public string Below(Series series) => $"{X(0)},{Height} {Line(series)} {X(Points.Count - 1)},{Height}";

    /// <summary>The clickable areas of a point: the part of its column that is nearest to the dot of each series, from the top.</summary>
    public IEnumerable<Target> Targets(int point)
    {
        var sorted = Series.OrderBy(s => Y(s.Values[point])).ToList();
        var (left, right) = (Math.Max(0, X(point) - PointWidth / 2), Math.Min(Width, X(point) + PointWidth / 2));
        for (var (i, top) = (0, 0.0); i < sorted.Count; i++)
        {
            var y = Y(sorted[i].Values[point]);
            var bottom = i == sorted.Count - 1 ? Height : (y + Y(sorted[i + 1].Values[point])) / 2;
            yield return new(sorted[i], Describe(sorted[i], point), X(point), Text(y), left, right - left, Text(top), Text(bottom - top));
            top = bottom;
        }
    }

    /// <summary>A number in the format of SVG attributes.</summary>
    public static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>The height of a value in the drawing, whose zero is at the bottom.</summary>
    public double Y(int value) => Height - (double)Height * value / Top;

    private string Describe(Series series, int point) =>
        $"{Words.Days(Points[point])}: {Words.Number(series.Values[point])} {series.Name.ToLowerInvariant()}";

    private int X(int point) => Points.Count == 1 ? Width / 2 : point * PointWidth;

    private bool IsLabelled(int point) => ByWeek ? point > 0 && Points[point].First.Month != Points[point - 1].First.Month
        : Points.Count <= MaxLabels + 2 || Points[point].First.DayOfWeek == DayOfWeek.Monday;

    private string Label(DateOnly day, bool isFirst) =>
        day.ToString(!ByWeek ? "d MMM" : isFirst || day.Month == 1 ? "MMM yyyy" : "MMM", CultureInfo.InvariantCulture);

    private int Max => Math.Max(1, Series.Max(s => s.Values.Max()));

    private int Step => (from power in (int[])[1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000]
                         from factor in (int[])[1, 2, 5]
                         select power * factor).First(step => (long)step * MaxSteps >= Max);
}

/// <summary>A line of a chart.</summary>
/// <param name="Name">The name for its label and the table.</param>
/// <param name="Style">Its class in the stylesheet.</param>
/// <param name="Values">One value for each point.</param>
/// <param name="Urls">The address of the list of tickets for each point.</param>
public sealed record Series(string Name, string Style, IReadOnlyList<int> Values, IReadOnlyList<string> Urls);

/// <summary>A value of a chart as a link: its dot, and the rectangle around it.</summary>
/// <param name="Series">The series of the value.</param>
/// <param name="Title">The text of the link.</param>
/// <param name="X">The dot's.</param>
/// <param name="Y">The dot's.</param>
/// <param name="Left">The rectangle's.</param>
/// <param name="Width">The rectangle's.</param>
/// <param name="Top">The rectangle's.</param>
/// <param name="Height">The rectangle's.</param>
public sealed record Target(Series Series, string Title, int X, string Y, int Left, int Width, string Top, string Height);
