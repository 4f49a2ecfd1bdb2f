using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access.Links;
using SupportTickets.Access.People;
using SupportTickets.Configuration;
using SupportTickets.Data;
using SupportTickets.Http;

namespace SupportTickets.Access.Accounts;

/// <summary>Gives the first person access: creates the account that ADMIN_EMAIL names, or logs a link that creates one.</summary>
internal sealed class FirstStart(
    IServiceScopeFactory scopes, DatabaseMigrator schema, Settings settings, SetupLink link, IServer server,
    IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<FirstStart> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private bool _tried;

    /// <summary>Runs before the server listens if the database is available, so that the first request finds the account.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryCreateAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var onStart = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        while (!await TryCreateAsync(stoppingToken) || !await TryInviteAsync(stoppingToken))
            await Task.Delay(Pause, clock, stoppingToken);
    }

    private Task<bool> TryCreateAsync(CancellationToken cancel) => TryAsync(async services =>
    {
        if (_tried || settings.FirstAdmin is not { } admin)
            return;
        var result = await services.GetRequiredService<CreatePerson>().HandleFirstAsync(admin.Input(), Caller.System, cancel);
        _tried = true;
        if (result.Problem is null)
            log.LogInformation("Created the first administrator from ADMIN_EMAIL and ADMIN_PASSWORD");
    }, cancel);

    private Task<bool> TryInviteAsync(CancellationToken cancel) => TryAsync(async services =>
    {
        if (settings.Access == AccessMode.open || await services.GetRequiredService<TicketDb>().People.AnyAsync(cancel))
            return;
        var path = $"/setup?code={Uri.EscapeDataString(link.Create())}";
        var address = Addresses.Local(server) is { } local ? new Uri(local, path).AbsoluteUri : path;
        log.LogInformation("Nobody can sign in yet. Within {Hours} hours, create the first administrator at {Address} "
            + "(or the same path at another address of this desk)", SetupLink.Lifetime.TotalHours, address);
    }, cancel);

    // False when the database is not available yet.
    private async Task<bool> TryAsync(Func<IServiceProvider, Task> work, CancellationToken cancel)
    {
        if (!schema.IsReady)
            return false;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await work(scope.ServiceProvider);
            return true;
        }
        catch (Exception error) when ((DatabaseOutage.Is(error) || StatementTimeout.Is(error)) && !cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}
