using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;
using SupportTickets.Configuration;

namespace SupportTickets.Hosting;

/// <summary>
/// What goes to the console: short lines for a person in development, one JSON object a line for a collector in
/// production, where a stack trace must not be torn into fifty records.
/// </summary>
internal static class Logs
{
    // Below environment variables and arguments, so that Logging__LogLevel__X=Debug still turns anything on.
    private static readonly Dictionary<string, string?> Levels = new()
    {
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        // A database that is away and a key that cannot be opened are told by us, once.
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Critical",
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Warning",
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None", // DatabaseHealth says it, with the reason
        ["Logging:LogLevel:System.Net.Http"] = "Warning",
    };

    public static void AddLogs(this WebApplicationBuilder builder, Settings settings)
    {
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = Levels });
        builder.Logging.ClearProviders();
        if (settings.Debug)
        {
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
                console.ColorBehavior = LoggerColorBehavior.Default;
            });
        }
        else
        {
            builder.Logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }
    }
}
