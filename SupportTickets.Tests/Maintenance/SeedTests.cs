using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Maintenance;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Search;
using SupportTickets.Triage;

namespace SupportTickets.Tests.Maintenance;

public sealed class SeedTests
{
    private const int Count = 3000;

    private static readonly DateTime Now = new(2026, 3, 4, 10, 30, 0, 123, 456, DateTimeKind.Utc);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task What_is_stored_is_what_was_made_with_every_history_leading_to_its_ticket(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using (var db = database.Open())
            Assert.True(await SeedCommand.SeedAsync(db, new(Count, 1) { BatchSize = 1000 }, Now, Progress(TextWriter.Null), Cancel));

        await using var stored = database.Open();
        var tickets = await stored.Tickets.AsNoTracking().Include(t => t.Events.OrderBy(e => e.Id)).OrderBy(t => t.Id).ToListAsync(Cancel);
        Assert.Equal(new SeedTickets(Count, 1, Now).Make().Select(Text), tickets.Select(Text));
        Assert.All(tickets, AssertHistory);
        Assert.All(tickets.Where(t => t.ResolvedAt is not null), t => Assert.NotNull(t.ResolutionMinutes));
        Assert.All(tickets, t => Assert.Equal(DateOnly.FromDateTime(t.CreatedAt), t.CreatedDate));
        Assert.Empty(await stored.ScoringJobs.ToListAsync(Cancel));
        await SeededConversations.AssertAsync(stored, Count);
        var replay = new EventReplay(stored);
        await replay.RunAsync(Cancel);
        Assert.All(replay.Mismatches, rule => Assert.Equal(0, rule.Count));

        // Search has them too.
        var lisbon = tickets.Count(t => $"{t.Title} {t.Description}".Contains("lisbon", StringComparison.OrdinalIgnoreCase));
        Assert.InRange(lisbon, 1, Count);
        Assert.Equal(lisbon, await stored.Search(stored.Tickets, SearchTerms.Parse("lisbon").Value).CountAsync(Cancel));
    }

    [Theory, Providers]
    public async Task The_command_migrates_first_and_adds_to_what_is_there(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, migrated: false);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System).AddData(database.Settings);
        await using var app = builder.Build();
        var seed = Commands.Find(["seed"])!;
        Assert.Equal(0, await seed(app, ["seed", "--tickets", "20"]));
        Assert.Equal(0, await seed(app, ["seed", "--tickets=10", "--seed=5"]));
        Assert.Equal(2, await seed(app, ["seed", "--tickets", "many"]));

        await using var db = database.Open();
        var requesters = await db.Requesters.CountAsync(Cancel);
        Assert.Equal(0, await seed(app, ["seed", "--tickets", "20"])); // those who ask are there already
        Assert.Equal((50, requesters), (await db.Tickets.CountAsync(Cancel), await db.Requesters.CountAsync(Cancel)));
        Assert.Equal(0, await db.Tickets.CountAsync(t => t.Events.Count == 0, Cancel));
        db.Tickets.Add(TicketLifeCycle.Create(
            TicketValidator
                .Create(
                    new()
                    {
                        Title = Supplied.Of("t"),
                        Description = Supplied.Of("d"),
                        Category = Supplied.Of("general"),
                        Priority = Supplied.Of("low"),
                    })
                .Value,
            SupportTickets.Tickets.Score.Fallback,
            Now, new Origin("tester", Channel.web)));
        await db.SaveChangesAsync(Cancel); // the numbers go on where seeding ended
        Assert.Equal(51, await db.Tickets.MaxAsync(t => t.Id, Cancel));
    }

    [Theory, Providers]
    public async Task When_stopped_whole_batches_stay_and_nothing_of_the_next(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        using var stop = new CancellationTokenSource();
        await using var output = new StoppingWriter(stop);
        await using (var db = database.Open())
            Assert.False(await SeedCommand.SeedAsync(db, new(500, 1) { BatchSize = 100 }, Now, Progress(output, total: 500), stop.Token));

        Assert.Contains("Stopped: 100 tickets", output.ToString());
        await using var stored = database.Open();
        Assert.Equal(100, await stored.Tickets.CountAsync(Cancel));
        Assert.Equal(100, await stored.TicketEvents.Select(e => e.TicketId).Distinct().CountAsync(Cancel));
    }

    [Fact]
    public void The_same_seed_and_clock_make_the_same_tickets_and_another_seed_makes_others()
    {
        Assert.Equal(new SeedTickets(300, 7, Now).Make().Select(Text), new SeedTickets(300, 7, Now).Make().Select(Text));
        Assert.NotEqual(new SeedTickets(300, 7, Now).Make().Select(Text), new SeedTickets(300, 8, Now).Make().Select(Text));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20_000)]
    public void As_many_are_made_as_were_asked_for_oldest_first_within_the_last_year(int count)
    {
        var times = new SeedTickets(count, 1, Now).Make().Select(t => t.CreatedAt).ToList();
        Assert.Equal(count, times.Count);
        Assert.Equal(times.Order(), times);
        Assert.All(times, t => Assert.InRange(t, Now.AddDays(-365), Now));
    }

    [Fact]
    public void They_look_like_a_year_of_a_desk()
    {
        var tickets = new SeedTickets(20_000, 1, Now).Make().ToList();

        // All over the year, more of it lately, on weekdays and by day.
        Assert.Equal(365, tickets.GroupBy(t => (Now - t.CreatedAt).Days).Count());
        Assert.True(tickets.Count(t => t.CreatedAt > Now.AddDays(-90)) > 1.5 * tickets.Count(t => t.CreatedAt < Now.AddDays(-275)));
        Assert.InRange(tickets.Count(t => t.CreatedAt.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday), 1, 20_000 / 7);
        Assert.True(tickets.Count(t => t.CreatedAt.Hour is >= 8 and < 18) > 20_000 / 2);

        // Every value occurs, and they go together.
        Assert.Equal(Enum.GetValues<Category>(), tickets.Select(t => t.Category).Distinct().Order());
        Assert.Equal(Enum.GetValues<Status>(), tickets.Select(t => t.Status).Distinct().Order());
        Assert.Equal(Enum.GetValues<Channel>(), tickets.Select(t => t.Channel).Distinct().Order());
        AssertRises(
            tickets.GroupBy(t => t.Priority).OrderBy(g => g.Key).Select(g => g.Average(t => t.UrgencyScore)),
            Enum.GetValues<Priority>().Length);
        AssertRises(
            tickets.GroupBy(t => t.Sentiment).OrderBy(g => g.Key).Select(g => g.Average(t => t.UrgencyScore)),
            Enum.GetValues<Sentiment>().Length);
        AssertRises(
            tickets
                .Where(t => t.ResolvedAt is not null)
                .GroupBy(t => t.Priority)
                .OrderByDescending(g => g.Key)
                .Select(g => g.Average(t => (t.ResolvedAt - t.CreatedAt)!.Value.TotalHours)),
            4);

        // What is old is done, what is new is not; some came back.
        var recent = tickets.Where(t => t.CreatedAt > Now.AddHours(-8)).ToList();
        var old = tickets.Where(t => t.CreatedAt < Now.AddDays(-90)).ToList();
        Assert.True(recent.Count(t => !t.Status.IsDone()) > recent.Count / 2);
        Assert.True(old.Count(t => t.Status == Status.closed) > old.Count * 0.8);
        Assert.InRange(tickets.Count(t => t.ReopenCount > 0), 500, 3000);

        // Varied texts, in several languages, with no place left unfilled.
        Assert.True(tickets.Select(t => t.Description).Distinct().Count() > 15_000);
        Assert.DoesNotContain(tickets, t => t.Title.Contains('{') || t.Description.Contains('{'));
        foreach (var word in (string[])["refund", "Rechnung", "pedido", "commande", "fatura", "ログイン"])
            Assert.Contains(tickets, t => $"{t.Title} {t.Description}".Contains(word));
    }

    [Theory]
    [InlineData("seed", "needs a number")]
    [InlineData("seed --tickets", "--tickets must be followed")]
    [InlineData("seed --tickets many", "--tickets must be followed")]
    [InlineData("seed --tickets -5", "--tickets must be followed")]
    [InlineData("seed --tickets 1.5", "--tickets must be followed")]
    [InlineData("seed --tickets 99999999999", "--tickets must be followed")]
    [InlineData("seed --tickets 0", "--tickets must be from 1")]
    [InlineData("seed --tickets 10000001", "--tickets must be from 1")]
    [InlineData("seed --tickets 5 --seed x", "--seed must be followed")]
    [InlineData("seed --count 5", "does not know \"--count\"")]
    [InlineData("seed --tickets 5 more", "does not know \"more\"")]
    public void Wrong_arguments_get_one_sentence(string line, string says)
    {
        Assert.False(SeedCommand.TryParse(line.Split(' '), out _, out var mistake));
        Assert.Contains(says, mistake);
        Assert.DoesNotContain('\n', mistake);
    }

    [Fact]
    public void Progress_is_a_bar_on_a_terminal_and_lines_elsewhere()
    {
        using var bar = new StringWriter();
        using var lines = new StringWriter();
        foreach (var progress in (SeedProgress[])
            [new(bar, isTerminal: true, 1000, TimeProvider.System), new(lines, isTerminal: false, 1000, TimeProvider.System)])
        {
            progress.Add(50, 200);
            progress.Add(450, 1800);
            progress.Finish("Done");
        }
        Assert.Contains("\r[###############...............]  50% 500 of 1,000 tickets", bar.ToString());
        Assert.DoesNotContain('\r', lines.ToString().ReplaceLineEndings("\n"));
        Assert.Equal("500 of 1,000 tickets", lines.ToString().Split(Environment.NewLine)[0]);
        Assert.Contains("Done: 500 tickets with 2,000 events in ", lines.ToString());
    }

    private static SeedProgress Progress(TextWriter output, int total = Count) =>
        new(output, isTerminal: false, total, TimeProvider.System);

    private static void AssertRises(IEnumerable<double> averages, int values)
    {
        var list = averages.ToList();
        Assert.Equal(values, list.Count);
        Assert.Equal(list.Order(), list);
    }

    // Plays the events again, by rules written down here once more, and compares with the ticket.
    private static void AssertHistory(Ticket ticket)
    {
        var events = ticket.Events.ToList();
        Assert.Equal((TicketField.status, null, ticket.CreatedAt), (events[0].Field, events[0].OldValue, events[0].At));
        var (resolvedAt, firstResolvedAt, reopened) = ((DateTime?)null, (DateTime?)null, 0);
        var values = new Dictionary<TicketField, string>();
        foreach (var e in events.Where(e => !IsAdded(e.Field)))
        {
            Assert.Equal(values.GetValueOrDefault(e.Field, e.OldValue!), e.OldValue);
            values[e.Field] = e.NewValue;
            if (e.Field != TicketField.status)
                continue;
            var (was, isDone) = (e.OldValue is "resolved" or "closed", e.NewValue is "resolved" or "closed");
            if (isDone && !was) (resolvedAt, firstResolvedAt) = (e.At, firstResolvedAt ?? e.At);
            if (was && !isDone) (resolvedAt, reopened) = (null, reopened + 1);
        }
        Assert.Equal(events.Select(e => e.At).Order(), events.Select(e => e.At));
        // What is added to a ticket changes no field of it, and who asks is known from the beginning.
        var changes = events.Skip(1).Where(e => !IsAdded(e.Field) && e.Field != TicketField.requester).Select(e => e.At).ToList();
        Assert.All(changes, at => Assert.InRange(at, ticket.CreatedAt, Now));
        Assert.Equal(
            (resolvedAt, firstResolvedAt, reopened, 1 + changes.Distinct().Count(), changes.LastOrDefault(ticket.CreatedAt)),
            (ticket.ResolvedAt, ticket.FirstResolvedAt, ticket.ReopenCount, ticket.Version, ticket.UpdatedAt));
        foreach (var (field, value) in values)
            Assert.Equal(value, Current(ticket, field));
    }

    private static bool IsAdded(TicketField field) => field is TicketField.comment or TicketField.tag or TicketField.attachment;

    private static string Current(Ticket ticket, TicketField field) => field switch
    {
        TicketField.title => ticket.Title,
        TicketField.description => ticket.Description,
        TicketField.category => ticket.Category.ToString(),
        TicketField.priority => ticket.Priority.ToString(),
        TicketField.status => ticket.Status.ToString(),
        TicketField.sentiment => ticket.Sentiment.ToString(),
        TicketField.urgency_score => ticket.UrgencyScore.ToString(),
        TicketField.requester => Requester.Text(ticket.RequesterId),
        TicketField.assignee => throw new InvalidOperationException("Nobody of the desk gets made-up work."),
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    // Everything but the keys, which the database gives.
    private static string Text(Ticket t) => string.Join(
        '|',
        [
            t.Title, t.Description, t.Category, t.Priority, t.Status, t.Sentiment,
            t.UrgencyScore, t.Channel, $"{t.CreatedAt:O}", $"{t.UpdatedAt:O}",
            $"{t.FirstResolvedAt:O}", $"{t.ResolvedAt:O}", t.ReopenCount, t.Version,
            t.RequesterId, $"{t.FirstReplyAt:O}",
            .. t.Events.Select(e => $"{e.At:O} {e.Actor} {e.Channel} {e.Field} {e.OldValue} {e.NewValue}"),
        ]);

    /// <summary>Asks to stop with the first line that is written.</summary>
    private sealed class StoppingWriter(CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            stop.Cancel();
        }
    }
}
