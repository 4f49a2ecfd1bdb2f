namespace SupportTickets.Data;

/// <summary>Logs that the database is unavailable and why, without a line for every request.</summary>
internal sealed class OutageLog(TimeProvider clock, ILogger<OutageLog> log, SqliteFileWatch? file = null)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private DateTimeOffset? _said;

    /// <summary>Reports an error that a request met.</summary>
    public void Report(Exception error)
    {
        file?.Note(error);
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_said is { } said && now - said < Quiet) return;
            _said = now;
        }
        var reason = DatabaseOutage.Reason(file?.Problem ?? error);
        log.LogWarning("The database cannot be used, requests are answered with 503: {Reason}", reason);
    }

    /// <summary>Reports that the database has answered.</summary>
    public void Over()
    {
        lock (_gate)
        {
            if (_said is null) return;
            _said = null;
        }
        log.LogInformation("The database is back");
    }
}
