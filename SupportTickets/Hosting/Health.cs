using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SupportTickets.Access;
using SupportTickets.Access.Tokens;
using SupportTickets.Data;
using SupportTickets.Tickets;

namespace SupportTickets.Hosting;

/// <summary>
/// Whether the desk can do its work: the schema is up to date, the desk is warm, and the database answers a query. Waits for the warm-up,
/// so that platforms send nobody to an instance that is slow yet.
/// </summary>
internal sealed class DatabaseHealth(
    TicketDb db, DatabaseMigrator schema, OutageLog outages, WarmUpToken warmUp, SqliteFileWatch? file = null) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!schema.IsReady)
            return HealthCheckResult.Unhealthy();
        await warmUp.Expired.WaitAsync(cancellationToken);
        if (file?.Look() is { } problem)
        {
            outages.Report(problem);
            return HealthCheckResult.Unhealthy();
        }
        try
        {
            await db.Tickets.AnyAsync(cancellationToken);
            outages.Over();
            return HealthCheckResult.Healthy();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            outages.Report(error);
            return HealthCheckResult.Unhealthy();
        }
    }
}

/// <summary>/healthz, for platforms: no credential, no details, never cached.</summary>
public static class HealthFeature
{
    /// <summary>
    /// Maps /healthz: 200 <c>{"status":"ok"}</c> when the desk is warm and the database answers, else 503
    /// <c>{"status":"unavailable"}</c>.
    /// </summary>
    public static void MapHealth(this WebApplication app) => app.MapHealthChecks(Gates.HealthPath, new HealthCheckOptions
    {
        ResponseWriter = (context, report) =>
        {
            context.Response.ContentType = "application/json";
            var isHealthy = report.Status == HealthStatus.Healthy;
            return context.Response.WriteAsync(isHealthy ? """{"status":"ok"}""" : """{"status":"unavailable"}""");
        },
    }).IsPublic();
}
