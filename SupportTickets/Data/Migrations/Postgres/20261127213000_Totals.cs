using System.Linq;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SupportTickets.Data.Migrations.Postgres
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

        // Rows that are changed all the time: with room on each page, the new version of a row stays beside the old one.
        private static readonly string Tables = $"""
            CREATE TABLE ticket_totals (
                status integer NOT NULL, priority integer NOT NULL, category integer NOT NULL, sentiment integer NOT NULL,
                slot integer NOT NULL, tickets integer NOT NULL, urgency bigint NOT NULL,
                PRIMARY KEY (status, priority, category, sentiment, slot)
            ) WITH (fillfactor = 50);
            CREATE TABLE day_totals (
                day date NOT NULL, slot integer NOT NULL,
                {string.Join(" ", OfCreated.Select(c => $"{c.Column} integer NOT NULL DEFAULT 0,"))}
                resolved integer NOT NULL DEFAULT 0, resolution_minutes bigint NOT NULL DEFAULT 0,
                done_change integer NOT NULL DEFAULT 0,
                PRIMARY KEY (day, slot)
            ) WITH (fillfactor = 50);
            """;

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Writers wait until the totals are counted.
            migrationBuilder.Sql("LOCK TABLE tickets, ticket_events IN SHARE ROW EXCLUSIVE MODE;");
            migrationBuilder.Sql(Tables);
            // A slot that no other transaction writes in. It is the lowest, so that a quiet desk has all its totals in the first one.
            migrationBuilder.Sql("""
                CREATE FUNCTION totals_slot() RETURNS integer LANGUAGE plpgsql AS $$
                BEGIN
                    FOR slot IN 0..15 LOOP
                        IF pg_try_advisory_xact_lock(1953460339, slot) THEN RETURN slot; END IF;
                    END LOOP;
                    PERFORM pg_advisory_xact_lock(1953460339, pg_backend_pid() % 16);
                    RETURN pg_backend_pid() % 16;
                END $$;
                """);
            const string added = "SELECT 1 AS n, t.* FROM added AS t", removed = "SELECT -1 AS n, t.* FROM removed AS t";
            const string counted = "status, priority, category, sentiment, urgency_score, created_at, resolved_at";
            var isSame = $"""
                IF NOT EXISTS (
                    SELECT FROM added AS a JOIN removed AS r ON r.id = a.id WHERE (a.{counted.Replace(", ", ", a.")}) IS DISTINCT FROM
                        (r.{counted.Replace(", ", ", r.")})
                ) THEN RETURN NULL; END IF;
                """;
            migrationBuilder.Sql(Trigger("tickets", "insert", "NEW TABLE AS added", Tickets(added)));
            migrationBuilder.Sql(Trigger("tickets", "delete", "OLD TABLE AS removed", Tickets(removed)));
            migrationBuilder.Sql(Trigger(
                "tickets", "update", "OLD TABLE AS removed NEW TABLE AS added", isSame + Tickets($"{removed} UNION ALL {added}")));
            migrationBuilder.Sql(Trigger("ticket_events", "insert", "NEW TABLE AS added", Events(added)));
            migrationBuilder.Sql(Trigger("ticket_events", "delete", "OLD TABLE AS removed", Events(removed)));
            migrationBuilder.Sql(Trigger(
                "ticket_events", "update", "OLD TABLE AS removed NEW TABLE AS added", Events($"{removed} UNION ALL {added}")));
            migrationBuilder.DropIndex(
                name: "ix_ticket_events_date_done_change",
                table: "ticket_events");

            migrationBuilder.Sql(Tickets("SELECT 1 AS n, t.* FROM tickets AS t") + Events("SELECT 1 AS n, t.* FROM ticket_events AS t"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new System.NotSupportedException("Restore the backup from before the upgrade instead.");

        private static string Trigger(string table, string when, string rows, string work) => $"""
            CREATE FUNCTION count_{table}_{when}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                {work}
                RETURN NULL;
            END $$;
            CREATE TRIGGER count_{when} AFTER {when} ON {table} REFERENCING {rows}
                FOR EACH STATEMENT EXECUTE FUNCTION count_{table}_{when}();
            """;

        // Adds tickets, or takes them away: n is 1 or -1.
        private static string Tickets(string rows) => $"""
            INSERT INTO ticket_totals AS kept (status, priority, category, sentiment, slot, tickets, urgency)
            SELECT status, priority, category, sentiment, totals_slot(), sum(n), sum(n * urgency_score)
            FROM ({rows}) AS changed GROUP BY status, priority, category, sentiment
            HAVING sum(n) <> 0 OR sum(n * urgency_score) <> 0
            ON CONFLICT (status, priority, category, sentiment, slot)
            DO UPDATE SET tickets = kept.tickets + excluded.tickets, urgency = kept.urgency + excluded.urgency;

            INSERT INTO day_totals AS kept (day, slot, {Created(c => c.Column)}, resolved, resolution_minutes)
            SELECT day, totals_slot(), {Created(c => $"sum({c.Column})")}, sum(resolved), sum(resolution_minutes)
            FROM (
                SELECT created_date AS day, {Created(c => $"n * {string.Format(c.Adds, "")} AS {c.Column}")},
                    0 AS resolved, 0 AS resolution_minutes
                FROM ({rows}) AS changed
                UNION ALL
                SELECT resolved_date, {Created(_ => "0")}, n, n * resolution_minutes FROM ({rows}) AS changed
                WHERE resolved_date IS NOT NULL
            ) AS counted GROUP BY day
            ON CONFLICT (day, slot) DO UPDATE SET {Created(c => $"{c.Column} = kept.{c.Column} + excluded.{c.Column}")},
                resolved = kept.resolved + excluded.resolved,
                resolution_minutes = kept.resolution_minutes + excluded.resolution_minutes;
            """;

        private static string Events(string rows) => $"""
            INSERT INTO day_totals AS kept (day, slot, done_change)
            SELECT date, totals_slot(), sum(n * done_change) FROM ({rows}) AS changed WHERE done_change IS NOT NULL
            GROUP BY date HAVING sum(n * done_change) <> 0
            ON CONFLICT (day, slot) DO UPDATE SET done_change = kept.done_change + excluded.done_change;
            """;

        private static string Created(System.Func<(string Column, string Adds), string> column) =>
            string.Join(", ", OfCreated.Select(column));
    }
}
