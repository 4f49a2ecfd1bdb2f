using Microsoft.Net.Http.Headers;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Http;
using SupportTickets.Tickets.Reading;
using SupportTickets.Views;

namespace SupportTickets.Export;

/// <summary>
/// The list of tickets as a file, and its comments, at addresses that take the parameters of the list. The reasons:
/// docs/decisions/0015-list.md.
/// </summary>
public static class ExportFeature
{
    private static readonly Format Csv = new("csv", "text/csv; charset=utf-8", stream => new CsvFile(stream));

    private static readonly Format Xlsx = new(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", stream => new XlsxFile(stream));

    /// <summary>Registers the services.</summary>
    public static IServiceCollection AddExport(this IServiceCollection services) => services.AddScoped<RequesterExport>();

    /// <summary>Maps the files.</summary>
    public static void MapExport(this WebApplication app)
    {
        Map("export", Csv, "tickets", export => [export.Tickets()]);
        Map("export", Xlsx, "tickets", export => [export.Tickets(), export.Comments()]);
        Map("comments", Csv, "comments", export => [export.Comments()]);

        void Map(string path, Format format, string name, Func<TicketExport, IReadOnlyList<IExportTable>> tables) => app
            .MapMethods(
                $"/tickets/{path}.{format.Extension}", [HttpMethods.Get, HttpMethods.Head],
                context => WriteAsync(context, format, name, tables))
            .Requires(Right.read);
    }

    private static async Task WriteAsync(
        HttpContext context, Format format, string name, Func<TicketExport, IReadOnlyList<IExportTable>> choose)
    {
        var errors = new List<string>();
        var query = ListQuery.Read(context.Request.Query, errors);
        if (query.Filter(context.Caller(), errors) is not { } filter)
        {
            await context.WriteFaultAsync(new Fault(StatusCodes.Status400BadRequest, "bad_request", string.Join(' ', errors)));
            return;
        }
        var (services, cancel, response) = (context.RequestServices, context.RequestAborted, context.Response);
        var reads = services.GetRequiredService<TicketReads>();
        await using var snapshot = await reads.SnapshotAsync(cancel);
        var tables = choose(new(reads, services.GetRequiredService<SearchScope>(), filter, query.Order));
        // The first row is read before anything is sent, so that a failing query can still be answered as an error.
        await using var first = tables[0];
        await first.OpenAsync(cancel);

        var day = services.GetRequiredService<TimeProvider>().Now();
        response.ContentType = format.ContentType;
        var headers = response.GetTypedHeaders();
        var fileName = $"{name}-{day:yyyy-MM-dd}.{format.Extension}";
        headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = fileName };
        headers.CacheControl = new() { NoStore = true };
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        // From here on a failure must cut the connection: half a file must not look like a whole one.
        await response.StartAsync(cancel);
        await using var file = format.Open(response.Body);
        foreach (var table in tables) await table.WriteAsync(file, cancel);
        await file.FinishAsync(cancel);
    }

    private sealed record Format(string Extension, string ContentType, Func<Stream, ITableFile> Open);
}
