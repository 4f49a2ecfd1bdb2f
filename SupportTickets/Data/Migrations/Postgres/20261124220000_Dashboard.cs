using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SupportTickets.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Dashboard : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_tickets_resolved_date",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "ix_tickets_status_priority_category_sentiment_urgency_score",
                table: "tickets");

            migrationBuilder.AddColumn<int>(
                name: "done_change",
                table: "ticket_events",
                type: "integer",
                nullable: true,
                computedColumnSql: "CASE WHEN field = 4 AND new_value IN ('resolved', 'closed') AND (old_value IS NULL OR old_value IN ('open', 'in_progress')) THEN 1 WHEN field = 4 AND new_value IN ('open', 'in_progress') AND old_value IN ('resolved', 'closed') THEN -1 END",
                stored: true);

            migrationBuilder.CreateIndex(
                name: "ix_tickets_resolved_date_resolution_minutes",
                table: "tickets",
                columns: new[] { "resolved_date", "resolution_minutes" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_status_priority_category_sentiment_urgency_score_",
                table: "tickets",
                columns: new[] { "status", "priority", "category", "sentiment", "urgency_score", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_ticket_events_date_done_change",
                table: "ticket_events",
                columns: new[] { "date", "done_change" },
                filter: "done_change IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_tickets_resolved_date_resolution_minutes",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "ix_tickets_status_priority_category_sentiment_urgency_score_",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "ix_ticket_events_date_done_change",
                table: "ticket_events");

            migrationBuilder.DropColumn(
                name: "done_change",
                table: "ticket_events");

            migrationBuilder.CreateIndex(
                name: "ix_tickets_resolved_date",
                table: "tickets",
                column: "resolved_date");

            migrationBuilder.CreateIndex(
                name: "ix_tickets_status_priority_category_sentiment_urgency_score",
                table: "tickets",
                columns: new[] { "status", "priority", "category", "sentiment", "urgency_score" });
        }
    }
}
