using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.Sessions;

/// <summary>A session that its person ended by signing out: no copy of its cookie counts any more, on any instance.</summary>
public sealed class EndedSession
{
    /// <summary>The id of the session; the key of the table.</summary>
    public Guid Id { get; set; }

    /// <summary>When every cookie of it has run out by itself, UTC, so that this row is not needed any more.</summary>
    public DateTime Until { get; set; }
}

/// <summary>The sessions that ended before their cookies did.</summary>
public sealed class EndedSessions(TicketDb db, TimeProvider clock)
{
    /// <summary>Ends one with the next changes that are saved.</summary>
    public void Add(Guid id) => db.EndedSessions.Add(new() { Id = id, Until = clock.Now() + SessionCookie.Longest });

    /// <summary>Forgets those whose cookies have run out.</summary>
    public Task ForgetOldAsync(CancellationToken cancel)
    {
        var now = clock.Now();
        return db.EndedSessions.Where(s => s.Until < now).ExecuteDeleteAsync(cancel);
    }
}
