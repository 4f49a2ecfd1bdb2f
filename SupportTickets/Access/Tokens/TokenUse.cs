using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.Tokens;

/// <summary>
/// Stores when tokens were last used: at most once a minute for each token, and without delaying a request by more than a second.
/// </summary>
internal sealed class TokenUse(IServiceScopeFactory scopes, TimeProvider clock, ILogger<TokenUse> log)
{
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(1);

    // Another writer may lock the database; then the next minute will do.
    private const int PatienceSeconds = 1;

    private readonly ConcurrentDictionary<int, DateTime> _kept = new();

    /// <summary>Stores that a token was used.</summary>
    public async Task RememberAsync(int id)
    {
        var now = clock.Now();
        if (_kept.TryGetValue(id, out var last) && now - last < Grain)
            return;
        _kept[id] = now;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<TicketDb>();
            db.Database.SetCommandTimeout(PatienceSeconds);
            var before = now - Grain;
            await db.AccessTokens.Where(t => t.Id == id && (t.LastUsedAt == null || t.LastUsedAt <= before))
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, now));
        }
        catch (Exception error)
        {
            log.LogDebug(error, "The use of token {Id} could not be stored", id);
        }
    }
}
