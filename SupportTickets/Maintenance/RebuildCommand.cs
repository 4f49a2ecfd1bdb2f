using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Search;
using SupportTickets.Tickets.Totals;

namespace SupportTickets.Maintenance;

/// <summary>
/// <c>rebuild</c>: makes anew what the database keeps of the tickets and their events (the totals, and on PostgreSQL the texts of the
/// search), for when <c>verify</c> finds some wrong.
/// </summary>
internal static class RebuildCommand
{
    /// <summary>What repairs a wrong total or text, for people who run the desk.</summary>
    public const string Advice = "dotnet run -- rebuild puts it right";

    private const int DatabaseAway = 1;
    private const int WrongArguments = 2;

    /// <summary>Runs it. People can use the desk meanwhile, but whoever writes waits.</summary>
    /// <returns>The exit code: 0 when all is right, 1 when the database cannot be reached, 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(WebApplication app, string[] args)
    {
        if (args.Length > 1)
        {
            await Console.Error.WriteLineAsync("rebuild takes no arguments.");
            return WrongArguments;
        }
        try
        {
            await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
            await using var scope = app.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<TicketDb>();
            db.Database.SetCommandTimeout(0); // no limit: nobody waits for it
            await TotalsUpkeep.RebuildAsync(db, CancellationToken.None);
            await TicketTextUpkeep.RebuildAsync(db, CancellationToken.None);
        }
        catch (Exception error) when (Fault.Cause<DbException>(error) is not null || DatabaseOutage.Is(error))
        {
            await Console.Error.WriteLineAsync($"The totals and texts cannot be made anew: {DatabaseOutage.Reason(error)}");
            return DatabaseAway;
        }
        await Console.Out.WriteLineAsync("What the database keeps of the tickets was made anew.");
        return 0;
    }
}
