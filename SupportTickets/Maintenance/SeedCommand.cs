using System.Data.Common;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Maintenance;

/// <summary><c>seed --tickets N [--seed S]</c>: adds tickets to try the desk with.</summary>
internal static class SeedCommand
{
    public const int MaxTickets = 10_000_000;
    public const int WrongArguments = 2;
    private const int DatabaseAway = 1;
    private const int Interrupted = 130; // the exit code of shells for it: 128 + SIGINT

    private const int DefaultSeed = 1;

    /// <summary>The options of the command.</summary>
    public sealed record Options(int Tickets, int Seed)
    {
        /// <summary>Tickets in one transaction: enough to be fast, few enough that a running desk hardly waits.</summary>
        public int BatchSize { get; init; } = 5000;
    }

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(WebApplication app, string[] args)
    {
        if (!TryParse(args, out var options, out var mistake))
        {
            await Console.Error.WriteLineAsync(mistake);
            return WrongArguments;
        }
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(stop.Token);
            await using var scope = app.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<TicketDb>();
            var clock = app.Services.GetRequiredService<TimeProvider>();
            var progress = new SeedProgress(Console.Out, isTerminal: !Console.IsOutputRedirected, options.Tickets, clock);
            return await SeedAsync(db, options, clock.Now(), progress, stop.Token) ? 0 : Interrupted;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception error) when (error is DbException || DatabaseOutage.Is(error))
        {
            await Console.Error.WriteLineAsync($"The database cannot take the tickets: {error.GetBaseException().Message}");
            return DatabaseAway;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Adds tickets in whole batches.</summary>
    /// <returns>Whether all were added; false when it was stopped between two batches.</returns>
    public static async Task<bool> SeedAsync(TicketDb db, Options options, DateTime now, SeedProgress progress, CancellationToken cancel)
    {
        db.Database.SetCommandTimeout(0); // no limit: nobody waits for it
        await db.Database.OpenConnectionAsync(cancel); // one for all batches
        var writer = SeedWriter.For(db);
        try
        {
            var people = SeedPeople.Make(options.Tickets, options.Seed, now);
            var desk = new SeedDesk(await SeedLists.StoreAsync(db, people, cancel), await SeedLists.StoreTagsAsync(db, now, cancel));
            foreach (var batch in new SeedTickets(options.Tickets, options.Seed, now, desk).Make().Chunk(options.BatchSize))
            {
                await writer.WriteAsync(batch, cancel);
                progress.Add(batch.Length, batch.Sum(t => t.Events.Count));
            }
            await writer.FinishAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            progress.Finish("Stopped");
            return false;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
        progress.Finish("Done");
        return true;
    }

    /// <summary>Reads the arguments that follow the command.</summary>
    public static bool TryParse(string[] args, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Options? options, out string mistake)
    {
        (options, mistake) = (null, "");
        int? tickets = null;
        int? seed = null;
        var words = new Queue<string>(args.Skip(1).SelectMany(a => a.StartsWith("--", StringComparison.Ordinal) ? a.Split('=', 2) : [a]));
        while (words.TryDequeue(out var name))
        {
            if (name is not ("--tickets" or "--seed"))
                mistake = $"seed does not know \"{name}\"; it takes --tickets and --seed.";
            else if (!words.TryDequeue(out var value)
                || !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                mistake = $"{name} must be followed by a whole number.";
            else if (name == "--seed")
                seed = number;
            else if (number is < 1 or > MaxTickets)
                mistake = $"--tickets must be from 1 to {MaxTickets}.";
            else
                tickets = number;
            if (mistake.Length > 0)
                return false;
        }
        if (tickets is null)
            mistake = "seed needs a number of tickets, as in: dotnet run -- seed --tickets 1000";
        else
            options = new(tickets.Value, seed ?? DefaultSeed);
        return options is not null;
    }
}
