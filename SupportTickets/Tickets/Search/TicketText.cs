using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Search;

/// <summary>
/// The texts of a ticket as searches compare them, on PostgreSQL only (SQLite has an FTS5 table). Triggers keep it in the transaction
/// of each write. It is a table of its own, so that a change of a ticket's other columns does not write the index of the texts anew.
/// </summary>
internal sealed class TicketText
{
    /// <summary>Separates the title from the description in <see cref="Searched"/>.</summary>
    public const char Separator = '\u0001';

    /// <summary>The ticket.</summary>
    public int TicketId { get; init; }

    /// <summary>Title, <see cref="Separator"/> and description, in the spelling and in the lower case that searches compare.</summary>
    public string Searched { get; init; } = "";
}

/// <summary>The table of the texts.</summary>
internal sealed class TicketTextTable : ITables
{
    /// <inheritdoc />
    public void Declare(ModelBuilder model, TicketDb db)
    {
        // A migration makes the table, and triggers keep it. EF maps it as a view, so it never writes, alters or references it.
        if (db.Sql.IsPostgres)
            model.Entity<TicketText>(text => text.ToView("ticket_texts").HasKey(t => t.TicketId));
    }
}
