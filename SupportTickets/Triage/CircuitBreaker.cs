namespace SupportTickets.Triage;

/// <summary>
/// Stops calling a provider that is down. A timeout opens it at once, because somebody has just waited it out; quick
/// failures open it after <see cref="MaxQuickFailures"/> in a row. When the pause is over one call goes through as a
/// probe: an answer closes the breaker, a failure doubles the pause. Safe for many callers at once.
/// </summary>
public sealed class CircuitBreaker(TimeProvider clock)
{
    /// <summary>Failures in a row, none of them a timeout, that open it.</summary>
    public const int MaxQuickFailures = 3;

    /// <summary>The first pause; each failed probe doubles it.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private int _failures;
    private TimeSpan _pause; // zero while closed
    private long _openedAt;
    private bool _probing;

    /// <summary>How long no call is let through; zero when the next one may go.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_gate)
                return Left();
        }
    }

    /// <summary>Asks to make a call.</summary>
    /// <returns>The call, which must be told how it ended; null when it is to be skipped.</returns>
    public Call? TryEnter()
    {
        lock (_gate)
        {
            if (_pause == TimeSpan.Zero)
                return new Call(this, isProbe: false);
            if (_probing || Left() > TimeSpan.Zero)
                return null;
            _probing = true;
            return new Call(this, isProbe: true);
        }
    }

    private TimeSpan Left()
    {
        var left = _pause - clock.GetElapsedTime(_openedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void End(bool isProbe, bool? answered, bool timedOut)
    {
        lock (_gate)
        {
            if (isProbe)
                _probing = false;
            if (answered is true)
                (_failures, _pause) = (0, TimeSpan.Zero);
            else if (answered is false)
                Fail(isProbe, timedOut);
        }
    }

    private void Fail(bool isProbe, bool timedOut)
    {
        _failures++;
        var isOpen = _pause > TimeSpan.Zero;
        if (isOpen && !isProbe)
            return; // began before it opened: old news
        if (!isOpen && !timedOut && _failures < MaxQuickFailures)
            return;
        _pause = isOpen ? TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks)) : FirstPause;
        _openedAt = clock.GetTimestamp();
    }

    /// <summary>A call that was let through. Disposing it without telling its end counts as neither: the caller went away.</summary>
    public sealed class Call : IDisposable
    {
        private readonly CircuitBreaker _breaker;
        private readonly bool _isProbe;
        private bool _ended;

        internal Call(CircuitBreaker breaker, bool isProbe) => (_breaker, _isProbe) = (breaker, isProbe);

        /// <summary>The provider answered, whatever it said.</summary>
        public void Answered() => End(answered: true, timedOut: false);

        /// <summary>The provider is down.</summary>
        /// <param name="timedOut">It let the caller wait until the end.</param>
        public void Failed(bool timedOut) => End(answered: false, timedOut);

        /// <inheritdoc />
        public void Dispose() => End(answered: null, timedOut: false);

        private void End(bool? answered, bool timedOut)
        {
            if (_ended)
                return;
            _ended = true;
            _breaker.End(_isProbe, answered, timedOut);
        }
    }
}
