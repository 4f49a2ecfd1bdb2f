using SupportTickets.Triage;

namespace SupportTickets.Tests.Triage;

public sealed class CircuitBreakerTests
{
    private readonly TimerClock _clock = new();

    [Fact]
    public void A_timeout_opens_it_at_once()
    {
        var breaker = new CircuitBreaker(_clock);
        breaker.TryEnter()!.Failed(timedOut: true);
        Assert.Null(breaker.TryEnter());
        Assert.Equal(CircuitBreaker.FirstPause, breaker.Remaining);
    }

    [Fact]
    public void Quick_failures_open_it_only_when_they_follow_each_other()
    {
        var breaker = new CircuitBreaker(_clock);
        Fail(breaker, CircuitBreaker.MaxQuickFailures - 1);
        breaker.TryEnter()!.Answered();
        Fail(breaker, CircuitBreaker.MaxQuickFailures - 1);
        Assert.Equal(TimeSpan.Zero, breaker.Remaining);
        Fail(breaker, 1);
        Assert.Null(breaker.TryEnter());
    }

    [Fact]
    public void After_the_pause_one_probe_goes_through_and_its_answer_closes_it()
    {
        var breaker = Open();
        _clock.Advance(CircuitBreaker.FirstPause - TimeSpan.FromTicks(1));
        Assert.Null(breaker.TryEnter());
        _clock.Advance(TimeSpan.FromTicks(1));
        using var probe = breaker.TryEnter()!;
        Assert.Null(breaker.TryEnter());
        probe.Answered();
        Assert.NotNull(breaker.TryEnter());
        Fail(breaker, 1);
        Assert.NotNull(breaker.TryEnter()); // counts from nothing again
    }

    [Fact]
    public void Each_failed_probe_doubles_the_pause_up_to_the_longest()
    {
        var breaker = Open();
        var expected = CircuitBreaker.FirstPause;
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(expected, breaker.Remaining);
            _clock.Advance(expected);
            breaker.TryEnter()!.Failed(timedOut: false);
            expected = TimeSpan.FromTicks(Math.Min(expected.Ticks * 2, CircuitBreaker.LongestPause.Ticks));
        }
        Assert.Equal(CircuitBreaker.LongestPause, breaker.Remaining);
    }

    [Fact]
    public void A_probe_whose_caller_went_away_makes_room_for_the_next()
    {
        var breaker = Open();
        _clock.Advance(CircuitBreaker.FirstPause);
        breaker.TryEnter()!.Dispose();
        Assert.NotNull(breaker.TryEnter());
    }

    [Fact]
    public void Late_news_of_calls_that_began_before_it_opened_do_not_lengthen_the_pause_but_may_close_it()
    {
        var breaker = new CircuitBreaker(_clock);
        var late = breaker.TryEnter()!;
        var good = breaker.TryEnter()!;
        breaker.TryEnter()!.Failed(timedOut: true);
        _clock.Advance(TimeSpan.FromSeconds(1));
        late.Failed(timedOut: true);
        Assert.Equal(CircuitBreaker.FirstPause - TimeSpan.FromSeconds(1), breaker.Remaining);
        good.Answered();
        Assert.NotNull(breaker.TryEnter());
    }

    [Fact]
    public async Task A_provider_that_is_down_is_left_alone_and_taken_back_when_it_answers()
    {
        await using var provider = await StandIn.StartAsync();
        await using var services = ProviderTests.Services(provider.Settings, _clock);
        provider.Answer = StandIn.Fails(500);
        for (var i = 0; i < CircuitBreaker.MaxQuickFailures; i++)
            Assert.Equal(TriageOutcome.Unavailable, await AskAsync(services));

        provider.Answer = StandIn.Says("""{"sentiment":"calm","urgency_score":3}""");
        Assert.Equal(TriageOutcome.Skipped, await AskAsync(services));
        Assert.Equal(CircuitBreaker.MaxQuickFailures, provider.Requests.Count);

        _clock.Advance(CircuitBreaker.FirstPause);
        Assert.Equal(TriageOutcome.Answered, await AskAsync(services));
        Assert.Equal(TriageOutcome.Answered, await AskAsync(services));
    }

    [Theory]
    [InlineData(400, TriageOutcome.Refused)] // about this text
    [InlineData(401, TriageOutcome.Skipped)] // about the key
    public async Task A_refused_text_does_not_keep_the_others_from_being_asked_about(int status, TriageOutcome fourth)
    {
        await using var provider = await StandIn.StartAsync();
        await using var services = ProviderTests.Services(provider.Settings, _clock);
        provider.Answer = StandIn.Fails(status);
        for (var i = 0; i < CircuitBreaker.MaxQuickFailures; i++)
            Assert.Equal(TriageOutcome.Refused, await AskAsync(services));
        Assert.Equal(fourth, await AskAsync(services));
    }

    private static async Task<TriageOutcome> AskAsync(IServiceProvider services) =>
        (await ProviderTests.ScoreAsync(services)).Result!.Outcome;

    private static void Fail(CircuitBreaker breaker, int times)
    {
        for (var i = 0; i < times; i++)
            breaker.TryEnter()!.Failed(timedOut: false);
    }

    private CircuitBreaker Open()
    {
        var breaker = new CircuitBreaker(_clock);
        breaker.TryEnter()!.Failed(timedOut: true);
        return breaker;
    }
}
