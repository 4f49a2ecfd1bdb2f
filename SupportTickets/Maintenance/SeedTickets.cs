using SupportTickets.Core;
using SupportTickets.Tickets;

namespace SupportTickets.Maintenance;

/// <summary>
/// Tickets as a desk would have received them during the last year, with their history and conversation, oldest first. The same seed,
/// number and time give the same tickets. Every change goes through <see cref="TicketLifeCycle"/>, so the events and the columns
/// derived from them are those that the desk itself would have written.
/// </summary>
internal sealed class SeedTickets(int count, int seed, DateTime now, SeedDesk desk)
{
    private const int Hours = 365 * 24;
    private const int FirstWorkingHour = 7;
    private const int LastWorkingHour = 18;

    // Sunday first, as DayOfWeek counts.
    private static readonly double[] Weekdays = [0.30, 1.25, 1.15, 1.10, 1.05, 0.95, 0.35];

    private static readonly double[] HoursOfDay =
        [0.15, 0.1, 0.1, 0.1, 0.15, 0.3, 0.6, 1.1, 1.8, 2.2, 2.1, 1.9, 1.5, 1.8, 2.0, 1.9, 1.6, 1.2, 0.9, 0.7, 0.6, 0.5, 0.35, 0.25];

    // The median hours by priority: from creation until a ticket is taken, and from then until it is resolved.
    private static readonly double[] HoursToTake = [14, 5, 1.5, 0.3];
    private static readonly double[] HoursToResolve = [50, 22, 7, 2.5];

    // By priority: calm, neutral, frustrated, angry.
    private static readonly double[][] Moods = [[30, 55, 12, 3], [15, 55, 24, 6], [5, 37, 38, 20], [2, 20, 38, 40]];

    private static readonly double[] Scenarios = [.. SeedTexts.Scenarios.Select(s => s.Language == "en" ? 4.0 : 1.0)];

    private readonly Random _random = new(seed);

    /// <summary>The tickets of an empty desk.</summary>
    public SeedTickets(int count, int seed, DateTime now) : this(count, seed, now, SeedDesk.Unsaved(count, seed, now))
    {
    }

    /// <summary>
    /// The tickets with their events, comments, tags and files, unsaved, created one at a time. The events of comments are in the order
    /// of the comments, and get their keys with them.
    /// </summary>
    public IEnumerable<Ticket> Make()
    {
        foreach (var createdAt in Times())
            yield return Live(createdAt);
    }

    // Made hour by hour, so that only one hour's times are in memory. Busy hours depend on weekday and time of day, and the load
    // grows over the year.
    private IEnumerable<DateTime> Times()
    {
        var start = now.AddHours(-Hours);
        var weights = Enumerable.Range(0, Hours).Select(h => Weight(start.AddHours(h), h)).ToList();
        var (total, sum, made) = (weights.Sum(), 0.0, 0);
        for (var hour = 0; hour < Hours; hour++)
        {
            sum += weights[hour];
            var until = hour == Hours - 1 ? count : (int)(count * sum / total);
            var times = Enumerable.Range(0, until - made)
                .Select(_ => start.AddHours(hour) + Micro(TimeSpan.FromHours(_random.NextDouble())))
                .Order().ToList();
            made = until;
            foreach (var time in times)
                yield return time;
        }
    }

    private static double Weight(DateTime time, int hour) =>
        Weekdays[(int)time.DayOfWeek] * HoursOfDay[time.Hour] * (0.6 + 0.8 * hour / Hours);

    private Ticket Live(DateTime createdAt)
    {
        var scenario = SeedTexts.Scenarios[Pick(Scenarios)];
        var priority = (Priority)Math.Clamp((int)scenario.Priority + Pick([12, 76, 12]) - 1, 0, 3);
        var score = Rate(priority);
        var number = _random.Next();
        var title = SeedTexts.Fill(scenario.Title, number, createdAt);
        // A few write often.
        var asks = Chance(0.96) ? desk.Requesters[(int)(desk.Requesters.Count * Math.Pow(_random.NextDouble(), 1.6))] : null;
        var draft = TicketValidator.Create(new TicketInput
        {
            Title = Supplied.Of(title),
            Description = Supplied.Of(
                SeedTexts.Fill(scenario.Body, number, createdAt) + SeedTexts.Closing(scenario.Language, score.Sentiment)),
            Category = Supplied.Of(scenario.Category.ToString()),
            Priority = Supplied.Of(priority.ToString()),
        }).Value with
        { Requester = asks is null ? null : new RequesterChoice(asks.Id) };
        var origin = new Origin("anonymous", (Channel)Pick([50, 20, 5, 25]));
        var ticket = TicketLifeCycle.Create(draft, score, createdAt, origin);
        if (Chance(0.04)) Attach(ticket, SeedFiles.For(scenario.Category, createdAt), origin);
        foreach (var step in Steps(ticket, scenario, asks))
        {
            if (step.At > now)
                break;
            Take(ticket, step, number);
        }
        return ticket;
    }

    private void Take(Ticket ticket, Step step, int number)
    {
        var (at, by) = (step.At, step.By);
        if (step.Said is { } comment)
        {
            comment.Body = SeedTexts.Fill(comment.Body, number, ticket.CreatedAt);
            ticket.Comments.Add(comment);
            ticket.Commented(comment, null, CommentText.Of(comment), at, by);
        }
        if (step.Tag is { } name && desk.Tags[name] is var tag && ticket.Tags.All(t => t.TagId != tag.Id))
        {
            ticket.Tags.Add(new TicketTag { TagId = tag.Id, AddedAt = at });
            ticket.Tagged(null, tag.Name, at, by);
        }
        if (step.Input is { } input && TicketValidator.Change(input).Value is var change)
            ticket.Apply(change, change.NeedsScore ? Rate(ticket.Priority) : null, at, by);
    }

    private static void Attach(Ticket ticket, Attachment file, Origin origin)
    {
        ticket.Attachments.Add(file);
        ticket.Attached(file, file.CreatedAt, origin);
    }

    // What happens with a ticket, in order of time. The caller stops at the present.
    private IEnumerable<Step> Steps(Ticket ticket, SeedScenario about, Requester? asks)
    {
        var agent = new Origin(SeedTexts.Agents[_random.Next(SeedTexts.Agents.Length)], Chance(0.85) ? Channel.web : Channel.rest);
        var at = ticket.CreatedAt;

        if (Chance(0.02))
            yield break; // overlooked
        at = After(at, HoursToTake[(int)ticket.Priority], ticket.Priority);
        if (Chance(0.04))
        {
            yield return new(at, agent, To(Status.closed)); // a duplicate, or no request at all
            yield break;
        }
        if (Chance(0.06))
            yield return new(at, agent, new() { Category = Supplied.Of(((Category)_random.Next(4)).ToString()) });
        if (Chance(0.08))
            yield return new(at = at.AddMinutes(1), agent, new() { Priority = Supplied.Of(((Priority)_random.Next(4)).ToString()) });
        if (Chance(0.02))
            yield return new(at = at.AddMinutes(2), agent, new() { Title = Supplied.Of($"{ticket.Title} (solved by a workaround)") });
        for (var tags = Pick([40, 45, 15]); tags > 0; tags--)
            yield return new(at, agent) { Tag = SeedReplies.Tag(_random, about) };
        if (Chance(0.93))
            yield return new(at = at.AddMinutes(1), agent, To(Status.in_progress));
        if (Chance(0.85))
            yield return Says(at = Minutes(at, 12), agent, SeedReplies.First(_random, about));
        if (Chance(0.3))
            yield return Says(at = Minutes(at, 20), agent, SeedReplies.Note(_random, about), isNote: true);
        if (asks is not null && Chance(0.5))
        {
            var requester = new Origin(asks.Name, Channel.email);
            yield return Says(at = After(at, 2, Priority.critical), requester, SeedReplies.Answer(_random, about), isRequester: true);
        }

        var reopened = false;
        while (true)
        {
            at = After(at, HoursToResolve[(int)ticket.Priority], ticket.Priority);
            if (Chance(0.8))
                yield return Says(at, agent, SeedReplies.Last(_random, about));
            yield return new(at, agent, To(Status.resolved));
            if (!Chance(reopened ? 0.15 : 0.07))
                break;
            reopened = true;
            at = After(at, 30, Priority.critical);
            if (asks is not null)
                yield return Says(at, new(asks.Name, Channel.email), SeedReplies.Answer(_random, about), isRequester: true);
            yield return new(at, new("anonymous", Channel.email), To(Chance(0.6) ? Status.open : Status.in_progress));
        }
        if (Chance(0.9))
            yield return new(Micro(at.AddDays(3 + 5 * _random.NextDouble())), agent, To(Status.closed));
    }

    private static Step Says(DateTime at, Origin by, string text, bool isNote = false, bool isRequester = false) => new(at, by)
    {
        Said = new()
        {
            Body = text,
            IsInternal = isNote,
            IsFromRequester = isRequester,
            Author = by.Actor,
            Channel = by.Channel ?? Channel.web,
            CreatedAt = at,
        },
    };

    private DateTime Minutes(DateTime at, int most) => Micro(at.AddMinutes(1 + most * _random.NextDouble()));

    private static TicketInput To(Status status) => new() { Status = Supplied.Of(status.ToString()) };

    // Urgency follows priority and mood, with some noise.
    private Score Rate(Priority priority)
    {
        var sentiment = (Sentiment)Pick(Moods[(int)priority]);
        var urgency = 22 + 20 * (int)priority + 7 * ((int)sentiment - 1) + 7 * Normal();
        return new(sentiment, Math.Clamp((int)Math.Round(urgency), 0, 100));
    }

    // A random later time with the given median in hours. People work on weekdays, but on critical tickets at any time.
    private DateTime After(DateTime time, double medianHours, Priority priority)
    {
        var at = Micro(time.AddHours(Math.Min(medianHours * Math.Exp(1.1 * Normal()), 24 * 60)).AddMinutes(1));
        if (priority == Priority.critical)
            return at;
        if (at.Hour >= LastWorkingHour)
            at = Morning(at.AddDays(1));
        else if (at.Hour < FirstWorkingHour)
            at = Morning(at);
        while (at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            at = at.AddDays(1);
        return at;
    }

    private DateTime Morning(DateTime day) => day.Date.AddHours(FirstWorkingHour) + Micro(TimeSpan.FromHours(4 * _random.NextDouble()));

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    private int Pick(ReadOnlySpan<double> weights)
    {
        var left = 0.0;
        foreach (var weight in weights)
            left += weight;
        left *= _random.NextDouble();
        for (var i = 0; i < weights.Length - 1; i++)
        {
            if ((left -= weights[i]) < 0)
                return i;
        }
        return weights.Length - 1;
    }

    private static DateTime Micro(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    private static TimeSpan Micro(TimeSpan time) => new(time.Ticks - time.Ticks % TimeSpan.TicksPerMicrosecond);

    private sealed record Step(DateTime At, Origin By, TicketInput? Input = null)
    {
        public Comment? Said { get; init; }

        public string? Tag { get; init; }
    }
}
