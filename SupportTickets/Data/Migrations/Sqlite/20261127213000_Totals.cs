using System.Linq;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SupportTickets.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Totals : Migration
    {
        // What a ticket adds to the day that it was created on.
        private static readonly (string Column, string Adds)[] OfCreated =
        [
            ("created", "1"),
            ("status_open", "CASE WHEN {0}status = 0 THEN 1 ELSE 0 END"), ("status_in_progress", "CASE WHEN {0}status = 1 THEN 1 ELSE 0 END"),
            ("status_resolved", "CASE WHEN {0}status = 2 THEN 1 ELSE 0 END"), ("status_closed", "CASE WHEN {0}status = 3 THEN 1 ELSE 0 END"),
            ("priority_low", "CASE WHEN {0}priority = 0 THEN 1 ELSE 0 END"), ("priority_medium", "CASE WHEN {0}priority = 1 THEN 1 ELSE 0 END"),
            ("priority_high", "CASE WHEN {0}priority = 2 THEN 1 ELSE 0 END"), ("priority_critical", "CASE WHEN {0}priority = 3 THEN 1 ELSE 0 END"),
            ("category_billing", "CASE WHEN {0}category = 0 THEN 1 ELSE 0 END"), ("category_technical", "CASE WHEN {0}category = 1 THEN 1 ELSE 0 END"),
            ("category_account", "CASE WHEN {0}category = 2 THEN 1 ELSE 0 END"), ("category_general", "CASE WHEN {0}category = 3 THEN 1 ELSE 0 END"),
            ("sentiment_calm", "CASE WHEN {0}sentiment = 0 THEN 1 ELSE 0 END"), ("sentiment_neutral", "CASE WHEN {0}sentiment = 1 THEN 1 ELSE 0 END"),
            ("sentiment_frustrated", "CASE WHEN {0}sentiment = 2 THEN 1 ELSE 0 END"), ("sentiment_angry", "CASE WHEN {0}sentiment = 3 THEN 1 ELSE 0 END"),
        ];

        private static readonly string Tables = $"""
            CREATE TABLE ticket_totals (
                status integer NOT NULL, priority integer NOT NULL, category integer NOT NULL, sentiment integer NOT NULL,
                slot integer NOT NULL, tickets integer NOT NULL, urgency bigint NOT NULL,
                PRIMARY KEY (status, priority, category, sentiment, slot)
            ) WITHOUT ROWID;
            CREATE TABLE day_totals (
                day text NOT NULL, slot integer NOT NULL,
                {string.Join(" ", OfCreated.Select(c => $"{c.Column} integer NOT NULL DEFAULT 0,"))}
                resolved integer NOT NULL DEFAULT 0, resolution_minutes bigint NOT NULL DEFAULT 0,
                done_change integer NOT NULL DEFAULT 0,
                PRIMARY KEY (day, slot)
            ) WITHOUT ROWID;
            """;

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_ticket_events_date_done_change",
                table: "ticket_events");

            migrationBuilder.Sql(Tables);
            const string counted = "status, priority, category, sentiment, urgency_score, created_at, resolved_at";
            migrationBuilder.Sql($"""
                CREATE TRIGGER ticket_totals_insert AFTER INSERT ON tickets BEGIN {Ticket("new.", 1)} END;
                CREATE TRIGGER ticket_totals_delete AFTER DELETE ON tickets BEGIN {Ticket("old.", -1)} END;
                CREATE TRIGGER ticket_totals_update AFTER UPDATE OF {counted} ON tickets
                BEGIN {Ticket("old.", -1)} {Ticket("new.", 1)} END;
                CREATE TRIGGER day_totals_insert AFTER INSERT ON ticket_events BEGIN {Event("new.", 1)} END;
                CREATE TRIGGER day_totals_delete AFTER DELETE ON ticket_events BEGIN {Event("old.", -1)} END;
                CREATE TRIGGER day_totals_update AFTER UPDATE OF field, old_value, new_value, at ON ticket_events
                BEGIN {Event("old.", -1)} {Event("new.", 1)} END;
                """);
            migrationBuilder.Sql($"""
                INSERT INTO ticket_totals SELECT status, priority, category, sentiment, 0, count(*), sum(urgency_score)
                FROM tickets GROUP BY status, priority, category, sentiment;

                INSERT INTO day_totals (day, slot, {Created(c => c.Column)}, resolved, resolution_minutes, done_change)
                SELECT day, 0, {Created(c => $"sum({c.Column})")}, sum(resolved), sum(minutes), sum(done) FROM (
                    SELECT created_date AS day, {Created(c => $"{string.Format(c.Adds, "")} AS {c.Column}")},
                        0 AS resolved, 0 AS minutes, 0 AS done
                    FROM tickets
                    UNION ALL SELECT resolved_date, {Created(_ => "0")}, 1, resolution_minutes, 0 FROM tickets
                        WHERE resolved_date IS NOT NULL
                    UNION ALL SELECT date, {Created(_ => "0")}, 0, 0, done_change FROM ticket_events WHERE done_change IS NOT NULL
                ) GROUP BY day;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new System.NotSupportedException("Restore the backup from before the upgrade instead.");

        // Adds a ticket, or takes it away. SQLite has one writer at a time, so there is one slot.
        private static string Ticket(string row, int n) => $"""
            INSERT INTO ticket_totals VALUES (
                {row}status, {row}priority, {row}category, {row}sentiment, 0, {n}, {n} * {row}urgency_score)
            ON CONFLICT (status, priority, category, sentiment, slot)
            DO UPDATE SET tickets = tickets + excluded.tickets, urgency = urgency + excluded.urgency;

            INSERT INTO day_totals (day, slot, {Created(c => c.Column)})
            VALUES ({row}created_date, 0, {Created(c => $"{n} * {string.Format(c.Adds, row)}")})
            ON CONFLICT (day, slot) DO UPDATE SET {Created(c => $"{c.Column} = {c.Column} + excluded.{c.Column}")};

            INSERT INTO day_totals (day, slot, resolved, resolution_minutes)
            SELECT {row}resolved_date, 0, {n}, {n} * {row}resolution_minutes WHERE {row}resolved_date IS NOT NULL
            ON CONFLICT (day, slot) DO UPDATE SET
                resolved = resolved + excluded.resolved, resolution_minutes = resolution_minutes + excluded.resolution_minutes;
            """;

        private static string Event(string row, int n) => $"""
            INSERT INTO day_totals (day, slot, done_change)
            SELECT {row}date, 0, {n} * {row}done_change WHERE {row}done_change IS NOT NULL
            ON CONFLICT (day, slot) DO UPDATE SET done_change = done_change + excluded.done_change;
            """;

        private static string Created(System.Func<(string Column, string Adds), string> column) =>
            string.Join(", ", OfCreated.Select(column));
    }
}
