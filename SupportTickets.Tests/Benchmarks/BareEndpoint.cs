using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SupportTickets.Configuration;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Benchmarks;

/// <summary>
/// The floor for answers of the desk, in a process of its own: compiled queries of EF over the same rows and columns, System.Text.Json
/// with generated code, and nothing else in the pipeline.
/// </summary>
internal static class BareEndpoint
{
    private static readonly Func<BareDb, int, IAsyncEnumerable<BareTicket>> ById =
        EF.CompileAsyncQuery((BareDb db, int top) => db.Tickets.OrderBy(t => t.Id).Take(top));

    private static readonly Func<BareDb, int, IAsyncEnumerable<BareTicket>> Newest = EF.CompileAsyncQuery(
        (BareDb db, int top) => db.Tickets.OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id).Take(top));

    private static readonly Func<BareDb, int, IAsyncEnumerable<BareTicket>> Filtered = EF.CompileAsyncQuery(
        (BareDb db, int top) =>
            db.Tickets.Where(t => t.Status == Status.open && t.Priority == Priority.high).OrderBy(t => t.Id).Take(top));

    private static readonly Func<BareDb, int, Task<BareTicket?>> One =
        EF.CompileAsyncQuery((BareDb db, int id) => db.Tickets.SingleOrDefault(t => t.Id == id));

    private static readonly Func<BareDb, int, Task<RestTicket?>> RestOne =
        EF.CompileAsyncQuery((BareDb db, int id) => db.Tickets.Where(t => t.Id == id)
            .Select(t => new RestTicket(
                t.Id, t.Title, t.Description, t.Category, t.Priority, t.Status, t.Sentiment, t.UrgencyScore, t.CreatedAt))
            .SingleOrDefault());

    /// <summary>Serves until the process is stopped.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="database">The desk's database.</param>
    public static async Task RunAsync(string address, DatabaseSettings database)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        builder.Services.AddDbContextPool<BareDb>(options => (database.IsPostgres
            ? options.UseNpgsql(database.ConnectionString)
            : options.UseSqlite(database.ConnectionString)).UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking));
        await using var app = builder.Build();
        app.MapGet("/healthz", http => http.Response.WriteAsync("ok"));
        app.MapGet("/id/{number:int}", Page(ById));
        app.MapGet("/newest/{number:int}", Page(Newest));
        app.MapGet("/filtered/{number:int}", Page(Filtered));
        app.MapGet("/ticket/{number:int}", Single(One, BareJson.Default.BareTicket));
        app.MapGet("/rest/{number:int}", Single(RestOne, BareJson.Default.RestTicket));
        app.MapGet("/all", http => JsonSerializer.SerializeAsync(
            Json(http).Response.BodyWriter, ById(Db(http), int.MaxValue), BareJson.Default.IAsyncEnumerableBareTicket));
        await app.RunAsync();
    }

    private static RequestDelegate Page(Func<BareDb, int, IAsyncEnumerable<BareTicket>> query) => async http =>
    {
        var rows = new List<BareTicket>();
        await foreach (var row in query(Db(http), Number(http)))
            rows.Add(row);
        await JsonSerializer.SerializeAsync(Json(http).Response.BodyWriter, rows, BareJson.Default.ListBareTicket);
    };

    private static RequestDelegate Single<T>(Func<BareDb, int, Task<T?>> query, JsonTypeInfo<T> type) where T : class => async http =>
    {
        if (await query(Db(http), Number(http)) is { } row)
            await JsonSerializer.SerializeAsync(Json(http).Response.BodyWriter, row, type);
        else
            http.Response.StatusCode = StatusCodes.Status404NotFound;
    };

    private static BareDb Db(HttpContext http) => http.RequestServices.GetRequiredService<BareDb>();

    private static int Number(HttpContext http) => int.Parse((string)http.Request.RouteValues["number"]!);

    private static HttpContext Json(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        return http;
    }
}

/// <summary>The columns of the feed.</summary>
internal sealed class BareTicket
{
    public int Id { get; init; }
    public required string Title { get; init; }
    public required string Description { get; init; }
    public Category Category { get; init; }
    public Priority Priority { get; init; }
    public Status Status { get; init; }
    public int? AssigneeId { get; init; }
    public int? RequesterId { get; init; }
    public Sentiment Sentiment { get; init; }
    public int UrgencyScore { get; init; }
    public Channel Channel { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateOnly CreatedDate { get; init; }
    public DateTime UpdatedAt { get; init; }
    public DateTime? FirstReplyAt { get; init; }
    public DateTime? FirstResolvedAt { get; init; }
    public DateTime? ResolvedAt { get; init; }
    public DateOnly? ResolvedDate { get; init; }
    public int? ResolutionMinutes { get; init; }
    public int ReopenCount { get; init; }
    public int Version { get; init; }
}

/// <summary>The columns of REST.</summary>
internal sealed record RestTicket(
    int Id, string Title, string Description, Category Category, Priority Priority, Status Status, Sentiment Sentiment, int UrgencyScore,
    DateTime CreatedAt);

/// <summary>The table of tickets, as somebody would map it who needs nothing else.</summary>
internal sealed class BareDb(DbContextOptions<BareDb> options) : DbContext(options)
{
    public DbSet<BareTicket> Tickets => Set<BareTicket>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var ticket = modelBuilder.Entity<BareTicket>().ToTable("tickets");
        foreach (var property in ticket.Metadata.GetProperties())
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
    }
}

/// <summary>The generated code that writes it.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(List<BareTicket>))]
[JsonSerializable(typeof(IAsyncEnumerable<BareTicket>))]
[JsonSerializable(typeof(RestTicket))]
internal sealed partial class BareJson : JsonSerializerContext;
