namespace SupportTickets.Triage;

/// <summary>
/// Stops calling a provider that is down. One timeout opens it, because somebody has just waited that long. Quick failures open it
/// after <see cref="MaxQuickFailures"/> in a row. After the pause one call goes through as a probe: an answer closes the breaker, a
/// failure doubles the pause. Thread-safe.
/// </summary>
public sealed class CircuitBreaker(TimeProvider clock)
{
    /// <summary>How many failures in a row, other than timeouts, open it.</summary>
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

    /// <summary>How long calls are still blocked; zero when the next one may go through.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_gate)
                return Left();
        }
    }

    /// <summary>Requests a call.</summary>
    /// <returns>The call, whose result must be reported; null when the call must be skipped.</returns>
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
            return; // the call began before the breaker opened, so its result is outdated
        if (!isOpen && !timedOut && _failures < MaxQuickFailures)
            return;
        _pause = isOpen ? TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks)) : FirstPause;
        _openedAt = clock.GetTimestamp();
    }

    /// <summary>
    /// A call that is let through. Disposing it without a result counts neither as an answer nor as a failure: the caller went
    /// away.
    /// </summary>
    public sealed class Call : IDisposable
    {
        private readonly CircuitBreaker _breaker;
        private readonly bool _isProbe;
        private bool _ended;

        internal Call(CircuitBreaker breaker, bool isProbe) => (_breaker, _isProbe) = (breaker, isProbe);

        /// <summary>Reports that the provider answered, whatever the answer was.</summary>
        public void Answered() => End(answered: true, timedOut: false);

        /// <summary>Reports that the provider is down.</summary>
        /// <param name="timedOut">Whether the call ran into the time limit.</param>
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
