using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Analytics;
using SupportTickets.Analytics.Live;
using SupportTickets.Core;
using SupportTickets.Pages.Shared;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Calendar;
using SupportTickets.Tickets.Changes;
using SupportTickets.Tickets.Reading;
using SupportTickets.Triage;
using SupportTickets.Views;

namespace SupportTickets.Pages;

/// <summary>The dashboard.</summary>
[RequiresRight(Right.read)]
public sealed class IndexModel(SharedDashboards dashboards, TriageService triage, MarkSeal seal, TimeProvider clock) : PageModel
{
    private List<Point> _points = [];

    /// <summary>What it shows.</summary>
    public Dashboard Dashboard { get; private set; } = null!;

    /// <summary>The errors in the address.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>The change mark from before the figures were read.</summary>
    public string Mark { get; private set; } = "";

    /// <summary>The time of the request, UTC.</summary>
    public DateTime Now { get; } = clock.Now();

    /// <summary>The UTC day of <see cref="Now"/>.</summary>
    public DateOnly Today => DateOnly.FromDateTime(Now);

    /// <summary>The period in days, for "on the 30 days before".</summary>
    public string Length => Dashboard.Period.Days.Days is var days && days == 1 ? "day" : $"{Words.Number(days)} days";

    /// <summary>
    /// Whether sentiment and urgency say anything: somebody scores them, or did. Else all tickets have the same, which nobody gave them.
    /// </summary>
    public bool HasScores => triage.IsOn || (Dashboard.All.Total > 0
        && (Dashboard.All.BySentiment.Any(part => part is { Key: not Sentiment.neutral, Value: > 0 })
            || Dashboard.All.AverageUrgency != Score.Fallback.UrgencyScore));

    /// <summary>The tickets created in the period.</summary>
    public ListQuery CreatedList => new() { Times = new() { Created = Dashboard.Period.Days } };

    /// <summary>The tickets resolved in the period.</summary>
    public ListQuery ResolvedList => new() { Times = new() { Resolved = Dashboard.Period.Days } };

    /// <summary>The tickets that are unresolved now.</summary>
    public static ListQuery UnresolvedList => new() { Times = new() { Unresolved = true } };

    /// <summary>Created and resolved, each as a line.</summary>
    public Chart Flow => new("flow", $"Created and resolved per {(Dashboard.Period.ByWeek ? "week" : "day")}", Days,
    [
        Line("Created", "line-created", p => p.Created, p => new() { Created = p.Days }),
        Line("Resolved", "line-resolved", p => p.Resolved, p => new() { Resolved = p.Days }),
    ]);

    /// <summary>The backlog at the end of each day or week.</summary>
    public Chart Backlog => new(
        "backlog", "Backlog", Days, [Line("Unresolved", "line-backlog", p => p.Backlog, p => BacklogTimes(p.Days.Last))], Area: true);

    /// <summary>The tickets of the period, broken down.</summary>
    public IEnumerable<Bars> Breakdowns
    {
        get
        {
            var stats = Dashboard.Created;
            yield return Of("by-status", "Status", stats.ByStatus, (s, list) => list with { Status = s }, s => s.Tone());
            yield return Of("by-priority", "Priority", stats.ByPriority.Reverse(), (p, list) => list with { Priority = p }, p => p.Tone());
            yield return Of("by-category", "Category", stats.ByCategory, (c, list) => list with { Category = c }, _ => "tone-accent");
            if (!HasScores) yield break;
            yield return Of(
                "by-sentiment", "Sentiment", stats.BySentiment.Reverse(), (s, list) => list with { Sentiment = s }, s => s.Tone());
        }
    }

    /// <summary>The unresolved tickets by age.</summary>
    public Bars Ages => new("by-age", "Age", [.. AgeRange.Buckets.Zip(Dashboard.Ages, (age, count) =>
        new Bar(Words.Of(age), count, new ListQuery { Times = new() { Unresolved = true, Age = age } }.Url, "tone-accent"))]);

    private List<DayRange> Days => _points.ConvertAll(p => p.Days);

    /// <summary>Shows it.</summary>
    public async Task<IActionResult> OnGetAsync(string? period, string? from, string? to, CancellationToken cancel)
    {
        var chosen = Period.Read(period, from, to, Today, Errors);
        // An open page that fetches itself says which change it was told of.
        var told = seal.Open(Request.Headers["Last-Event-ID"]);
        var (dashboard, mark) = await dashboards.GetAsync(HttpContext.RequestServices, told, chosen, cancel);
        (Dashboard, Mark) = (dashboard, seal.Seal(mark));
        _points = [.. Dashboard.Points];
        return Errors.Count == 0 ? Page() : new PageResult { StatusCode = StatusCodes.Status400BadRequest };
    }

    /// <summary>The tickets unresolved at the end of a day; for today, so far.</summary>
    public TicketTimes BacklogTimes(DateOnly day) => day == Today ? new() { Unresolved = true } : new() { UnresolvedAt = day };

    private Series Line(string name, string style, Func<Point, int> value, Func<Point, TicketTimes> times) =>
        new(name, style, _points.ConvertAll(p => value(p)), _points.ConvertAll(p => new ListQuery { Times = times(p) }.Url));

    private Bars Of<TKey>(
        string id, string title, IEnumerable<KeyValuePair<TKey, int>> parts, Func<TKey, ListQuery, ListQuery> only, Func<TKey, string> tone)
        where TKey : struct, Enum =>
        new(id, title, [.. parts.Select(p => new Bar(Words.Label(p.Key), p.Value, only(p.Key, CreatedList).Url, tone(p.Key)))]);
}
