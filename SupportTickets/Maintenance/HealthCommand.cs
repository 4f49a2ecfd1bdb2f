using SupportTickets.Configuration;
using SupportTickets.Hosting;
using SupportTickets.Http;

namespace SupportTickets.Maintenance;

/// <summary>
/// <c>health</c>: asks the server that these settings start whether it is healthy. It is for container health checks, because the
/// runtime image has no other HTTP client. It runs every few seconds, so it does not build the application.
/// </summary>
internal static class HealthCommand
{
    public const string Name = "health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>Whether the arguments name it.</summary>
    public static bool IsAsked(string[] args) => args.FirstOrDefault() == Name;

    /// <summary>Runs it.</summary>
    /// <returns>The exit code: 0 when the desk is healthy, else 1.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        // The sources from which the server takes its address.
        var configuration = new ConfigurationBuilder()
            .AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables()
            .AddCommandLine(args).Build();
        try
        {
            if (Addresses.Local(configuration, Settings.ReadPort(configuration)) is { } address)
                return await AskAsync(address);
            Console.Error.WriteLine("These settings serve no plain HTTP that could be asked.");
        }
        catch (SettingException error)
        {
            Console.Error.WriteLine(error.Message.ReplaceLineEndings(" "));
        }
        return 1;
    }

    private static async Task<int> AskAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address, Timeout = Patience };
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
