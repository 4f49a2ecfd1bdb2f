using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;
using SupportTickets.Configuration;

namespace SupportTickets.Hosting;

/// <summary>
/// Configures the console log: short lines for a person in development, one JSON object per line for a log collector in production,
/// so that a stack trace stays one record.
/// </summary>
internal static class Logs
{
    // Lower in precedence than environment variables and arguments, so that Logging__LogLevel__X=Debug still works.
    private static readonly Dictionary<string, string?> Levels = new()
    {
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        // The desk itself logs once that the database is unavailable or that a key cannot be decrypted.
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
