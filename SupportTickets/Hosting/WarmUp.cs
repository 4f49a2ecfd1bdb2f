using Microsoft.AspNetCore.Hosting.Server;
using SupportTickets.Access.Tokens;
using SupportTickets.Configuration;
using SupportTickets.Http;

namespace SupportTickets.Hosting;

/// <summary>
/// Sends one request of each kind to the server right after the start, so that the code is compiled before users come: the first
/// requests of a new process are several times slower. It only reads, ignores failures, and ends after half a minute in any case.
/// </summary>
internal sealed class WarmUp(
    IServer server, Settings settings, WarmUpToken pass, IHostApplicationLifetime lifetime, ILogger<WarmUp> log) : BackgroundService
{
    // Nobody has a ticket 0: its page is a sample, which only the desk itself sees.
    private static readonly string[] Paths =
        ["/", "/tickets", "/tickets/0", "/tickets/new", "/api/tickets/stats/", "/api/tickets/0/", "/odata/Tickets?$top=1"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var onStart = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        try
        {
            await AskAsync(stoppingToken);
        }
        finally
        {
            pass.Expire();
        }
    }

    private async Task AskAsync(CancellationToken stoppingToken)
    {
        if (Addresses.Local(server) is not { } address) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(Patience);
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Host = HostHeader(settings.AllowedHosts);
        client.DefaultRequestHeaders.Authorization = new("Bearer", pass.Text); // else it warms up the refusal, and the redirect to HTTPS
        foreach (var path in Paths)
        {
            try
            {
                using var answer = await client.GetAsync(path, limit.Token);
                await answer.Content.CopyToAsync(Stream.Null, limit.Token);
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException && limit.IsCancellationRequested)
            {
                return; // the server was stopped during the warm-up, or it takes too long
            }
            catch (Exception error)
            {
                log.LogDebug(error, "Warming up {Path} failed", path);
            }
        }
    }

    private static string HostHeader(IReadOnlyList<string> allowed) => allowed[0] == "*" ? "localhost" : allowed[0].TrimStart('.');
}
