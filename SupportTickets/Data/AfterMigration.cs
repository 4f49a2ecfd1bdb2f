namespace SupportTickets.Data;

/// <summary>
/// Work that must be done once for all instances before any of them serves requests. It runs at each start, after the migrations
/// and under their lock, so that the next instance finds the result. Commands such as migrate do not run it.
/// </summary>
public interface IAfterMigration
{
    /// <summary>Does the work, unless it is done already.</summary>
    Task RunAsync(CancellationToken cancel);
}
