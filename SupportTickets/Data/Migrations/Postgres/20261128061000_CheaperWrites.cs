using System.Linq;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SupportTickets.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class CheaperWrites : Migration
    {
        // What a ticket adds to the day that it was created on.
        private static readonly (string Column, string Adds)[] OfCreated =
        [
            ("created", "1"),
            .. Of("status", "open", "in_progress", "resolved", "closed"), .. Of("priority", "low", "medium", "high", "critical"),
            .. Of("category", "billing", "technical", "account", "general"), .. Of("sentiment", "calm", "neutral", "frustrated", "angry"),
        ];

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // All that takes long was done by the migration before. This lock first: with a weaker one before it, a transaction of an older
            // version that has locked a ticket would wait for this one, and this one for that.
            migrationBuilder.Sql("LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE;");
            migrationBuilder.Sql("DROP INDEX ix_tickets_title_search; DROP INDEX ix_tickets_description_search;");
            migrationBuilder.Sql(Totals);
            migrationBuilder.DropIndex(
                name: "ix_tickets_status_priority_category_sentiment_urgency_score_",
                table: "tickets");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new System.NotSupportedException("Restore the backup from before the upgrade instead.");

        // For each row, and only for one whose totals change. A change of many tickets is many statements, and of one row the database has
        // both versions at hand, so that it need not group and join. (New tickets may come in one statement, and are counted in one.)
        private static readonly string Totals = $"""
            DROP TRIGGER count_update ON tickets;
            CREATE OR REPLACE FUNCTION count_tickets_update() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                own integer := totals_slot();
            BEGIN
                IF (OLD.status, OLD.priority, OLD.category, OLD.sentiment) = (NEW.status, NEW.priority, NEW.category, NEW.sentiment) THEN
                    IF OLD.urgency_score <> NEW.urgency_score THEN
                        INSERT INTO ticket_totals AS kept (status, priority, category, sentiment, slot, tickets, urgency)
                        VALUES (NEW.status, NEW.priority, NEW.category, NEW.sentiment, own, 0, NEW.urgency_score - OLD.urgency_score)
                        ON CONFLICT (status, priority, category, sentiment, slot) DO UPDATE SET urgency = kept.urgency + excluded.urgency;
                    END IF;
                ELSE
                    INSERT INTO ticket_totals AS kept (status, priority, category, sentiment, slot, tickets, urgency)
                    VALUES (OLD.status, OLD.priority, OLD.category, OLD.sentiment, own, -1, -OLD.urgency_score),
                        (NEW.status, NEW.priority, NEW.category, NEW.sentiment, own, 1, NEW.urgency_score)
                    ON CONFLICT (status, priority, category, sentiment, slot)
                    DO UPDATE SET tickets = kept.tickets + excluded.tickets, urgency = kept.urgency + excluded.urgency;
                    IF OLD.created_date = NEW.created_date THEN
                        INSERT INTO day_totals AS kept (day, slot, {Created(c => c.Column)})
                        VALUES (NEW.created_date, own, {Created(c => $"{Adds(c, "NEW")} - {Adds(c, "OLD")}")})
                        ON CONFLICT (day, slot) DO UPDATE SET {Created(c => $"{c.Column} = kept.{c.Column} + excluded.{c.Column}")};
                    END IF;
                END IF;
                IF OLD.created_date <> NEW.created_date THEN
                    INSERT INTO day_totals AS kept (day, slot, {Created(c => c.Column)})
                    VALUES (OLD.created_date, own, {Created(c => $"-{Adds(c, "OLD")}")}), (NEW.created_date, own, {Created(c => Adds(c, "NEW"))})
                    ON CONFLICT (day, slot) DO UPDATE SET {Created(c => $"{c.Column} = kept.{c.Column} + excluded.{c.Column}")};
                END IF;
                IF (OLD.resolved_date, OLD.resolution_minutes) IS DISTINCT FROM (NEW.resolved_date, NEW.resolution_minutes) THEN
                    INSERT INTO day_totals AS kept (day, slot, resolved, resolution_minutes)
                    SELECT day, own, sum(n), sum(n * minutes)
                    FROM (VALUES (OLD.resolved_date, -1, OLD.resolution_minutes), (NEW.resolved_date, 1, NEW.resolution_minutes))
                        AS changed (day, n, minutes)
                    WHERE day IS NOT NULL GROUP BY day
                    ON CONFLICT (day, slot) DO UPDATE SET resolved = kept.resolved + excluded.resolved,
                        resolution_minutes = kept.resolution_minutes + excluded.resolution_minutes;
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER count_update AFTER UPDATE ON tickets FOR EACH ROW
                WHEN (({Counted("OLD")}) IS DISTINCT FROM ({Counted("NEW")})) EXECUTE FUNCTION count_tickets_update();
            """;

        private static string Counted(string row) => string.Join(", ",
            new[] { "status", "priority", "category", "sentiment", "urgency_score", "created_at", "resolved_at" }.Select(c => $"{row}.{c}"));

        private static (string Column, string Adds)[] Of(string column, params string[] members) =>
            [.. members.Select((member, number) => ($"{column}_{member}", $"({{0}}.{column} = {number})::integer"))];

        private static string Adds((string Column, string Adds) column, string row) => string.Format(column.Adds, row);

        private static string Created(System.Func<(string Column, string Adds), string> column) =>
            string.Join(", ", OfCreated.Select(column));
    }
}
