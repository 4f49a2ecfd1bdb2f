namespace SupportTickets.Hosting;

/// <summary>What the program can do beside serving.</summary>
public static class Commands
{
    /// <summary>The command that the arguments name; null to serve.</summary>
    public static Func<WebApplication, string[], Task<int>>? Find(string[] args) => args.FirstOrDefault() switch
    {
        "migrate" => MigrateAsync,
        "seed" => SeedCommand.RunAsync,
        _ => null,
    };

    private static async Task<int> MigrateAsync(WebApplication app, string[] args)
    {
        await app.Services.GetRequiredService<Data.DatabaseMigrator>().MigrateAsync(CancellationToken.None);
        return 0;
    }
}
