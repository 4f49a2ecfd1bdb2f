using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Search;

/// <summary>Compares all of <see cref="TicketText"/> with the tickets, or makes it anew.</summary>
internal static class TicketTextUpkeep
{
    /// <summary>How many tickets a search may miss, or find in vain, because their kept text is not theirs.</summary>
    public static async Task<int> CountWrongAsync(TicketDb db, CancellationToken cancel) => !db.Sql.IsPostgres ? 0 :
        await db.Database.SqlQuery<int>($"""
            SELECT count(*)::integer AS "Value" FROM tickets AS t FULL JOIN ticket_texts AS x ON x.ticket_id = t.id
            WHERE t.id IS NULL OR x.searched IS DISTINCT FROM search_text(t.title, t.description)
            """).SingleAsync(cancel);

    /// <summary>Makes all texts anew in one transaction. Until it is committed nobody else can write tickets.</summary>
    public static async Task RebuildAsync(TicketDb db, CancellationToken cancel)
    {
        if (!db.Sql.IsPostgres)
            return;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Database.ExecuteSqlRawAsync("""
            LOCK TABLE tickets IN SHARE MODE;
            DELETE FROM ticket_texts;
            INSERT INTO ticket_texts (ticket_id, searched) SELECT id, search_text(title, description) FROM tickets;
            """, cancel);
        await transaction.CommitAsync(cancel);
    }
}
