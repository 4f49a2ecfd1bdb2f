using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SupportTickets.Access.Tokens;
using SupportTickets.Hosting;

namespace SupportTickets.Tests.Fixtures;

/// <summary>Takes the place of the warm-up, which would request seven pages from each desk that a test starts.</summary>
internal sealed class WithoutWarmUp(WarmUpToken token) : IHostedService
{
    public static void Use(IServiceCollection services) => Replace<WarmUp, WithoutWarmUp>(services);

    /// <summary>The warm-up as in production, for a test of it.</summary>
    public static void Undo(IServiceCollection services) => Replace<WithoutWarmUp, WarmUp>(services);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        token.Expire();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void Replace<TOld, TNew>(IServiceCollection services) where TNew : class, IHostedService
    {
        services.Remove(services.Single(service => service.ImplementationType == typeof(TOld)));
        services.AddHostedService<TNew>();
    }
}
