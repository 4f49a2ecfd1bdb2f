using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.Sessions;

/// <summary>A session that ended by signing out. No copy of its cookie is valid any more, on any instance.</summary>
public sealed class EndedSession
{
    /// <summary>The id of the session; the key of the table.</summary>
    public Guid Id { get; set; }

    /// <summary>When every cookie of the session has expired, UTC, so that this row is no longer needed.</summary>
    public DateTime Until { get; set; }
}

/// <summary>The sessions that ended before their cookies expired.</summary>
public sealed class EndedSessions(TicketDb db, TimeProvider clock)
{
    /// <summary>Ends a session with the next changes that are saved.</summary>
    public void Add(Guid id) => db.EndedSessions.Add(new() { Id = id, Until = clock.Now() + SessionCookie.Longest });

    /// <summary>Deletes the sessions whose cookies have expired.</summary>
    public Task ForgetOldAsync(CancellationToken cancel)
    {
        var now = clock.Now();
        return db.EndedSessions.Where(s => s.Until < now).ExecuteDeleteAsync(cancel);
    }
}
