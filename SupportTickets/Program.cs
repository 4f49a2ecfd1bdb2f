using SupportTickets.Access;
using SupportTickets.Analytics;
using SupportTickets.Analytics.Live;
using SupportTickets.Connect;
using SupportTickets.Data;
using SupportTickets.Export;
using SupportTickets.Hosting;
using SupportTickets.Maintenance;
using SupportTickets.OData;
using SupportTickets.Pages;
using SupportTickets.Rest;
using SupportTickets.Tickets;
using SupportTickets.Triage;
using SupportTickets.Views;

if (HealthCommand.IsAsked(args))
    return await HealthCommand.RunAsync(args);

var builder = WebApplication.CreateBuilder(AppPaths.Options(args));
if (!builder.TryReadSettings(out var settings))
    return 1;

builder.AddHosting(settings);
builder.Services
    .AddData(settings.Database)
    .AddAccess(settings)
    .AddTickets()
    .AddViews()
    .AddTriage(settings.Triage)
    .AddAnalytics()
    .AddExport()
    .AddRest()
    .AddODataFeed(settings.Feed)
    .AddDeskPages();

await using var app = builder.Build();
if (Commands.Find(args) is { } command)
    return await command(app, args);

app.UsePageFiles();
app.UseHosting(settings);
app.UseAccess();
app.MapRest();
app.MapODataFeed();
app.MapConnect();
app.MapDashboardChanges();
app.MapExport();
app.MapDeskPages();
app.MapHealth();
await app.RunAsync();
return 0;
