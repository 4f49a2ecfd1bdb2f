using Microsoft.Net.Http.Headers;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Http;
using SupportTickets.Views;

namespace SupportTickets.Export;

/// <summary>
/// The list of tickets as a file, at the addresses of the list with <c>/export.csv</c> or <c>/export.xlsx</c> after its path. The
/// reasons: docs/decisions/0015-list.md.
/// </summary>
public static class ExportFeature
{
    private const string Csv = "text/csv; charset=utf-8", Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Registers the services.</summary>
    public static IServiceCollection AddExport(this IServiceCollection services) => services
        .AddScoped<TicketExport>()
        .AddScoped<RequesterExport>();

    /// <summary>Maps the files.</summary>
    public static void MapExport(this WebApplication app)
    {
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        app.MapMethods("/tickets/export.csv", methods, context => WriteAsync(context, "csv", Csv, stream => new CsvFile(stream)))
            .Requires(Right.read);
        app.MapMethods("/tickets/export.xlsx", methods, context => WriteAsync(context, "xlsx", Xlsx, stream => new XlsxFile(stream)))
            .Requires(Right.read);
    }

    private static async Task WriteAsync(HttpContext context, string extension, string contentType, Func<Stream, ITicketFile> open)
    {
        var errors = new List<string>();
        var query = ListQuery.Read(context.Request.Query, errors);
        if (query.Filter(context.Caller(), errors) is not { } filter)
        {
            await context.WriteFaultAsync(new Fault(StatusCodes.Status400BadRequest, "bad_request", string.Join(' ', errors)));
            return;
        }
        var (services, cancel, response) = (context.RequestServices, context.RequestAborted, context.Response);
        await using var rows = services.GetRequiredService<TicketExport>().ReadAsync(filter, query.Order).GetAsyncEnumerator(cancel);
        // The first row is read before anything is sent, so that a failing query can still be answered as an error.
        var any = await rows.MoveNextAsync();

        var day = services.GetRequiredService<TimeProvider>().Now();
        response.ContentType = contentType;
        var headers = response.GetTypedHeaders();
        headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"tickets-{day:yyyy-MM-dd}.{extension}" };
        headers.CacheControl = new() { NoStore = true };
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        // From here on a failure must cut the connection: half a file must not look like a whole one.
        await response.StartAsync(cancel);
        await using var file = open(response.Body);
        await file.StartAsync(cancel);
        for (var more = any; more; more = await rows.MoveNextAsync())
        {
            foreach (var column in ExportColumn.All) column.Write(rows.Current, file);
            await file.EndRowAsync(cancel);
        }
        await file.FinishAsync(cancel);
    }
}
