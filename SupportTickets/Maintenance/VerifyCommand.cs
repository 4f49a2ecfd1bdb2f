using System.Data.Common;
using System.Runtime.InteropServices;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Maintenance;

/// <summary><c>verify</c>: checks that every way to count something on this desk gives the same number. It only reads.</summary>
internal static class VerifyCommand
{
    private const int Differs = 1;
    private const int WrongArguments = 2;
    private const int Interrupted = 130; // the exit code of shells for it: 128 + SIGINT

    /// <summary>Runs it.</summary>
    /// <returns>The exit code: 0 when every check holds, 1 when one does not or the database cannot be read.</returns>
    public static async Task<int> RunAsync(WebApplication app, string[] args)
    {
        if (args.Length > 1)
        {
            await Console.Error.WriteLineAsync("verify takes no arguments.");
            return WrongArguments;
        }
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await using var scope = app.Services.CreateAsyncScope();
            return await VerifyAsync(new Verification(scope.ServiceProvider), Console.Out, stop.Token) ? 0 : Differs;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception error) when (Fault.Cause<DbException>(error) is not null || DatabaseOutage.Is(error))
        {
            await Console.Error.WriteLineAsync($"The database cannot be read: {DatabaseOutage.Reason(error)}");
            return Differs;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Prints a line for each check, and how many failed.</summary>
    /// <returns>Whether all hold.</returns>
    public static async Task<bool> VerifyAsync(Verification verification, TextWriter output, CancellationToken cancel)
    {
        var (made, failed) = (0, 0);
        await foreach (var check in verification.RunAsync(cancel))
        {
            made++;
            if (!check.Holds) failed++;
            await output.WriteLineAsync(check.ToString());
        }
        await output.WriteLineAsync(failed == 0 ? $"All {made} checks hold." : $"{failed} of {made} checks failed.");
        return failed == 0;
    }
}
