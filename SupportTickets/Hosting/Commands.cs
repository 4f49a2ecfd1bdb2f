using System.Data.Common;
using SupportTickets.Data;

namespace SupportTickets.Hosting;

/// <summary>What the program can do beside serving.</summary>
public static class Commands
{
    private const string Known = "migrate, seed, verify, health";

    /// <summary>The command that the arguments name; null to serve.</summary>
    public static Func<WebApplication, string[], Task<int>>? Find(string[] args) => args.FirstOrDefault() switch
    {
        "migrate" => MigrateAsync,
        "seed" => SeedCommand.RunAsync,
        "verify" => VerifyCommand.RunAsync,
        "health" => HealthAsync,
        { } word when !IsOption(word) => (_, _) => Unknown(word),
        _ => null,
    };

    // As ASP.NET Core takes them: --urls X, --urls=X, /urls=X, urls=X.
    private static bool IsOption(string word) => word.StartsWith('-') || word.Contains('=');

    private static Task<int> Unknown(string word)
    {
        Console.Error.WriteLine($"There is no command \"{word.ReplaceLineEndings(" ")}\": the commands are {Known}, and none at all serves.");
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

    // For container health checks: the runtime image has no other program that could ask.
    private static async Task<int> HealthAsync(WebApplication app, string[] args)
    {
        if (Addresses.Local(app.Configuration) is not { } address)
        {
            Console.Error.WriteLine("These settings serve no plain HTTP that could be asked.");
            return 1;
        }
        using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(8) };
        try
        {
            using var answer = await client.GetAsync(Gates.HealthPath);
            Console.WriteLine(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            Console.Error.WriteLine($"{address} does not answer.");
            return 1;
        }
    }
}
