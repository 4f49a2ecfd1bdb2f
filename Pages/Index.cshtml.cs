using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Analytics;
using SupportTickets.Pages.Shared;
using SupportTickets.Pages.Tickets;
using SupportTickets.Tickets;

namespace SupportTickets.Pages;

/// <summary>The dashboard.</summary>
[RequiresRight(Right.read)]
public sealed class IndexModel(DashboardQuery query, TimeProvider clock) : PageModel
{
    /// <summary>What it shows.</summary>
    public Dashboard Dashboard { get; private set; } = null!;

    /// <summary>The time of the request, UTC.</summary>
    public DateTime Now { get; } = clock.Now();

    /// <summary>Created and resolved a day.</summary>
    public Chart Flow => new("flow", "Created and resolved per day", Days,
        [new("Created", "line-created", Values(d => d.Created)), new("Resolved", "line-resolved", Values(d => d.Resolved))]);

    /// <summary>Tickets not done a day.</summary>
    public Chart Backlog => new("backlog", "Backlog", Days, [new("Open or in progress", "line-backlog", Values(d => d.Backlog))], Area: true);

    /// <summary>The breakdowns.</summary>
    public IEnumerable<Bars> Breakdowns
    {
        get
        {
            var stats = Dashboard.Stats;
            yield return Of("by-status", "Status", stats.ByStatus, (s, list) => list with { Status = s }, s => s.Tone());
            yield return Of("by-priority", "Priority", stats.ByPriority.Reverse(), (p, list) => list with { Priority = p }, p => p.Tone());
            yield return Of("by-category", "Category", stats.ByCategory, (c, list) => list with { Category = c }, _ => "tone-accent");
            yield return Of("by-sentiment", "Sentiment", stats.BySentiment.Reverse(), (s, list) => list with { Sentiment = s }, s => s.Tone());
        }
    }

    private List<DateOnly> Days => [.. Dashboard.PerDay.Select(d => d.Date)];

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(CancellationToken cancel) => Dashboard = await query.HandleAsync(cancel);

    private List<int> Values(Func<DayFigures, int> value) => [.. Dashboard.PerDay.Select(value)];

    private static Bars Of<TKey>(string id, string title, IEnumerable<KeyValuePair<TKey, int>> parts, Func<TKey, ListQuery, ListQuery> only, Func<TKey, string> tone)
        where TKey : struct, Enum =>
        new(id, title, [.. parts.Select(p => new Bar(Words.Label(p.Key), p.Value, only(p.Key, new ListQuery()).Url, tone(p.Key)))]);
}
