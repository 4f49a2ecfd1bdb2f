namespace SupportTickets.Core;

/// <summary>The state of the database, for work in the background.</summary>
internal interface IDatabaseState
{
    /// <summary>Whether its schema is up to date, so that it can be used.</summary>
    bool IsReady { get; }

    /// <summary>Reports an error if it says that the database cannot be used at the moment.</summary>
    /// <returns>Whether it does.</returns>
    bool ReportOutage(Exception error);
}
