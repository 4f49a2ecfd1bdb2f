namespace SupportTickets.Data;

/// <summary>
/// Work that has to be done once for all instances before any of them serves. Runs at each start behind the migrations and
/// under their lock, so that the instance that comes next finds what this one left. Commands such as migrate do not run it.
/// </summary>
public interface IAfterMigration
{
    /// <summary>Does it, or finds it done.</summary>
    Task RunAsync(CancellationToken cancel);
}
