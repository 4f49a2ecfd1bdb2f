namespace SupportTickets.Core;

/// <summary>The state of the database, for background work.</summary>
internal interface IDatabaseState
{
    /// <summary>Whether its schema is up to date, so that it can be used.</summary>
    bool IsReady { get; }

    /// <summary>Reports an error if it means that the database cannot be used at the moment.</summary>
    /// <returns>Whether it does.</returns>
    bool ReportOutage(Exception error);
}
