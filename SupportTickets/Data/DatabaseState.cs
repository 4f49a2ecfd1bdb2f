using SupportTickets.Core;

namespace SupportTickets.Data;

/// <inheritdoc />
internal sealed class DatabaseState(DatabaseMigrator schema, OutageLog outages) : IDatabaseState
{
    /// <inheritdoc />
    public bool IsReady => schema.IsReady;

    /// <inheritdoc />
    public bool ReportOutage(Exception error)
    {
        if (!DatabaseOutage.Is(error)) return false;
        outages.Report(error);
        return true;
    }
}
