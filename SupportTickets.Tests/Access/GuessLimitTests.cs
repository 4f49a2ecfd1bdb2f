using Microsoft.EntityFrameworkCore;
using SupportTickets.Access.Limits;
using SupportTickets.Access.Sessions;
using SupportTickets.Core;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Triage;

namespace SupportTickets.Tests.Access;

/// <summary>How many guesses the limits leave, and that nothing is counted for ever.</summary>
public sealed class GuessLimitTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void From_one_address_a_day_has_a_hundred_guesses_and_from_all_addresses_together_under_fifteen_hundred()
    {
        Assert.Equal(103, InADay(GuessLimit.OfPlace, TimeSpan.Zero));
        Assert.Equal(1464, InADay(GuessLimit.OfAccount, TimeSpan.Zero));
        // Nor is there anything to gain by pauses in which guesses are forgotten.
        for (var idle = TimeSpan.FromSeconds(5); idle < TimeSpan.FromHours(8); idle *= 1.3)
        {
            Assert.InRange(InADay(GuessLimit.OfPlace, idle), 1, 103);
            Assert.InRange(InADay(GuessLimit.OfAccount, idle), 1, 1464);
        }
    }

    [Fact]
    public void Guesses_from_one_address_never_slow_the_account()
    {
        var (failures, most) = (0, 0);
        var (place, since) = (0, TimeSpan.Zero);
        for (var n = 0; n < 1000; n++)
        {
            var pause = GuessLimit.OfPlace.PauseAfter(place);
            place = GuessLimit.OfPlace.Next(place, pause);
            failures = GuessLimit.OfAccount.Next(failures, n == 0 ? since : pause);
            most = Math.Max(most, failures);
        }
        Assert.InRange(most, 5, GuessLimit.OfAccount.Free / 2);
        Assert.Equal(TimeSpan.Zero, GuessLimit.OfAccount.PauseAfter(most));
    }

    [Theory, Providers]
    public async Task Counts_and_ended_sessions_are_deleted_when_they_say_nothing_any_more(Provider provider)
    {
        var clock = new TimerClock();
        await using var desk = await Desk.StartAsync(provider, clock, settings: ("ACCESS", "closed"));
        await using var db = desk.Database.Open();
        var now = clock.Now();
        var old = now - GuessCount.Kept - TimeSpan.FromSeconds(1);
        db.GuessCounts.AddRange(Enumerable.Range(0, PasswordAttempts.BatchSize + 5)
            .Select(n => new GuessCount { KeyHash = BitConverter.GetBytes(n), Failures = 1, At = old }));
        db.GuessCounts.Add(new() { KeyHash = [1], Failures = 1, At = now });
        var kept = Guid.NewGuid();
        db.EndedSessions.AddRange(new() { Id = Guid.NewGuid(), Until = now }, new() { Id = kept, Until = now.AddDays(1) });
        await db.SaveChangesAsync(Cancel);
        for (var rounds = 0; await db.GuessCounts.CountAsync(Cancel) + await db.EndedSessions.CountAsync(Cancel) > 2;)
        {
            Assert.True(++rounds < 10_000, "The worker does not wake up.");
            if (rounds < 50) clock.Advance(TimeSpan.FromMinutes(10));
            await Task.Yield();
        }
        Assert.Equal(1, await db.GuessCounts.CountAsync(Cancel));
        Assert.Equal(kept, (await db.EndedSessions.SingleAsync(Cancel)).Id);
    }

    // As soon as each is allowed, and once in a while after a rest.
    private static int InADay(GuessLimit limit, TimeSpan rest)
    {
        var (guesses, failures, now, last) = (0, 0, TimeSpan.Zero, TimeSpan.Zero);
        while (true)
        {
            var pause = limit.PauseAfter(failures);
            now = last + (pause > TimeSpan.Zero && rest > pause ? rest : pause);
            if (now >= TimeSpan.FromDays(1)) return guesses;
            failures = limit.Next(failures, now - last);
            (last, guesses) = (now, guesses + 1);
        }
    }
}
