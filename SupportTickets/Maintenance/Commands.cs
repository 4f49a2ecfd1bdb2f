using System.Data.Common;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Triage.BuiltIn;
using SupportTickets.Triage.BuiltIn.Training;

namespace SupportTickets.Maintenance;

/// <summary>
/// The commands of the program beside serving. <see cref="HealthCommand"/> is separate, because it needs nothing of the
/// application.
/// </summary>
public static class Commands
{
    private const string Known = $"migrate, seed, verify, rebuild, train, evaluate, {HealthCommand.Name}";

    /// <summary>The command that the arguments name; null to serve.</summary>
    public static Func<WebApplication, string[], Task<int>>? Find(string[] args) => args.FirstOrDefault() switch
    {
        "migrate" => MigrateAsync,
        "seed" => SeedCommand.RunAsync,
        "verify" => VerifyCommand.RunAsync,
        "rebuild" => RebuildCommand.RunAsync,
        "train" => (_, words) => Task.FromResult(TrainingCommands.Train(words)),
        "evaluate" => (app, words) => Task.FromResult(TrainingCommands.Evaluate(app.Services.GetRequiredService<BuiltInTriage>(), words)),
        { } word when !IsOption(word) => (_, _) => Unknown(word),
        _ => null,
    };

    // The forms that ASP.NET Core accepts: --urls X, --urls=X, /urls=X, urls=X.
    private static bool IsOption(string word) => word.StartsWith('-') || word.Contains('=');

    private static Task<int> Unknown(string word)
    {
        Console.Error.WriteLine($"There is no command \"{word.ReplaceLineEndings(" ")}\": "
            + $"the commands are {Known}, and none at all serves.");
        return Task.FromResult(2);
    }

    private static async Task<int> MigrateAsync(WebApplication app, string[] args)
    {
        try
        {
            var applied = await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
            Console.WriteLine(applied.Count == 0 ? "The database is up to date." : $"Applied {string.Join(", ", applied)}.");
            return 0;
        }
        catch (Exception error) when (DatabaseOutage.Is(error) || Fault.Cause<DbException>(error) is not null)
        {
            Console.Error.WriteLine($"The database cannot be migrated: {DatabaseOutage.Reason(error)}");
            return 1;
        }
    }
}
