using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Http;

namespace SupportTickets.Hosting;

/// <summary>
/// Turns unexpected exceptions into a <see cref="Fault"/>, in one place for all faces, and logs each once. A response that has
/// started cannot be changed any more: its connection is cut, so that no client takes half an answer for a whole one.
/// </summary>
internal sealed class FaultHandling(
    RequestDelegate next, Settings settings, DatabaseMigrator schema, OutageLog outages, ILogger<FaultHandling> log,
    SqliteFileWatch? file = null)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception error) when (context.RequestAborted.IsCancellationRequested && Fault.IsAbort(error))
        {
            if (!context.Response.HasStarted) context.Response.StatusCode = Fault.ClientClosedRequest;
        }
        catch (Exception error)
        {
            await AnswerAsync(context, FaultOf(context, error));
        }
    }

    private Fault FaultOf(HttpContext context, Exception error)
    {
        if (Fault.Cause<BadHttpRequestException>(error) is { } bad)
            return Fault.Of(bad, settings.MaxRequestBytes);
        // The form reader throws this for a form with too many or too long fields.
        if (error is InvalidDataException && context.Request.HasFormContentType)
            return Fault.Of(new BadHttpRequestException(""), settings.MaxRequestBytes);
        if (StatementTimeout.Is(error))
        {
            log.LogWarning("{Method} {Path} was stopped: the database gave no row for more than {Seconds} s",
                context.Request.Method, RoutePattern(context), settings.Database.StatementSeconds);
            return Fault.StatementTimeout(settings.Database.StatementSeconds);
        }
        if (OutageOf(error) is { } outage)
        {
            outages.Report(outage);
            return Fault.Unavailable;
        }
        var trace = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
        log.LogError(error, "{Method} {Path} failed, trace {Trace}", context.Request.Method, RoutePattern(context), trace);
        return Fault.Internal(trace);
    }

    // Null when the database works and the error is a bug. For a file that was emptied, SQLite says that a table does not exist.
    private Exception? OutageOf(Exception error)
    {
        if (DatabaseOutage.Is(error) || (!schema.IsReady && Fault.Cause<DbException>(error) is not null)) return error;
        return Fault.Cause<SqliteException>(error) is not null ? file?.Look() : null;
    }

    private async Task AnswerAsync(HttpContext context, Fault fault)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        try
        {
            await context.WriteFaultAsync(fault);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
        {
            log.LogError(error, "The answer {Status} to {Path} could not be written", fault.Status, RoutePattern(context));
            if (context.Response.HasStarted) context.Abort();
            else await FaultAnswer.WritePlainAsync(context, fault);
        }
        catch (Exception error) when (Fault.IsAbort(error))
        {
            // The client is gone.
        }
    }

    // The pattern, not the path: a path may contain text that a person typed.
    private static string RoutePattern(HttpContext context) =>
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
}
