using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SupportTickets.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "data_protection_keys",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    friendly_name = table.Column<string>(type: "TEXT", nullable: true),
                    xml = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_protection_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "tickets",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    title = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    description = table.Column<string>(type: "TEXT", nullable: false),
                    category = table.Column<int>(type: "INTEGER", nullable: false),
                    priority = table.Column<int>(type: "INTEGER", nullable: false),
                    status = table.Column<int>(type: "INTEGER", nullable: false),
                    sentiment = table.Column<int>(type: "INTEGER", nullable: false),
                    urgency_score = table.Column<int>(type: "INTEGER", nullable: false),
                    channel = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    updated_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    first_resolved_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    resolved_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    reopen_count = table.Column<int>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    created_date = table.Column<DateOnly>(type: "TEXT", nullable: false, computedColumnSql: "date(created_at)", stored: true),
                    resolution_minutes = table.Column<int>(type: "INTEGER", nullable: true, computedColumnSql: "(unixepoch(resolved_at) - unixepoch(created_at)) / 60", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tickets", x => x.id);
                    table.CheckConstraint("ticket_category_valid", "category BETWEEN 0 AND 3");
                    table.CheckConstraint("ticket_priority_valid", "priority BETWEEN 0 AND 3");
                    table.CheckConstraint("ticket_sentiment_valid", "sentiment BETWEEN 0 AND 3");
                    table.CheckConstraint("ticket_status_valid", "status BETWEEN 0 AND 3");
                    table.CheckConstraint("ticket_urgency_range", "urgency_score BETWEEN 0 AND 100");
                });

            migrationBuilder.CreateTable(
                name: "scoring_jobs",
                columns: table => new
                {
                    ticket_id = table.Column<int>(type: "INTEGER", nullable: false),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    due_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_scoring_jobs", x => x.ticket_id);
                    table.ForeignKey(
                        name: "fk_scoring_jobs_ticket_id",
                        column: x => x.ticket_id,
                        principalTable: "tickets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ticket_events",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ticket_id = table.Column<int>(type: "INTEGER", nullable: false),
                    at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    date = table.Column<DateOnly>(type: "TEXT", nullable: false, computedColumnSql: "date(at)", stored: true),
                    actor = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    channel = table.Column<int>(type: "INTEGER", nullable: true),
                    field = table.Column<int>(type: "INTEGER", nullable: false),
                    old_value = table.Column<string>(type: "TEXT", nullable: true),
                    new_value = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ticket_events", x => x.id);
                    table.ForeignKey(
                        name: "fk_ticket_events_ticket_id",
                        column: x => x.ticket_id,
                        principalTable: "tickets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "triage_results",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ticket_id = table.Column<int>(type: "INTEGER", nullable: true),
                    at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    task = table.Column<int>(type: "INTEGER", nullable: false),
                    outcome = table.Column<int>(type: "INTEGER", nullable: false),
                    model = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    suggested = table.Column<string>(type: "TEXT", nullable: false),
                    kept = table.Column<string>(type: "TEXT", nullable: true),
                    duration_ms = table.Column<int>(type: "INTEGER", nullable: false),
                    input_tokens = table.Column<int>(type: "INTEGER", nullable: false),
                    output_tokens = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_triage_results", x => x.id);
                    table.ForeignKey(
                        name: "fk_triage_results_ticket_id",
                        column: x => x.ticket_id,
                        principalTable: "tickets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_scoring_jobs_due_at",
                table: "scoring_jobs",
                column: "due_at");

            migrationBuilder.CreateIndex(
                name: "ix_ticket_events_field_date",
                table: "ticket_events",
                columns: new[] { "field", "date" });

            migrationBuilder.CreateIndex(
                name: "ix_ticket_events_ticket_id_id",
                table: "ticket_events",
                columns: new[] { "ticket_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_category_created_at_id",
                table: "tickets",
                columns: new[] { "category", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_created_at_id",
                table: "tickets",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_created_date",
                table: "tickets",
                column: "created_date");

            migrationBuilder.CreateIndex(
                name: "ix_tickets_priority_created_at_id",
                table: "tickets",
                columns: new[] { "priority", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_resolved_at_id",
                table: "tickets",
                columns: new[] { "resolved_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_status_created_at_id",
                table: "tickets",
                columns: new[] { "status", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_status_priority_category_sentiment_urgency_score",
                table: "tickets",
                columns: new[] { "status", "priority", "category", "sentiment", "urgency_score" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_urgency_score_id",
                table: "tickets",
                columns: new[] { "urgency_score", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_triage_results_ticket_id",
                table: "triage_results",
                column: "ticket_id");

            // The trigram index over title and description: FTS5 keeps only the index, the text stays in tickets.
            migrationBuilder.Sql("""
                CREATE VIRTUAL TABLE ticket_search USING fts5(title, description, content='tickets', content_rowid='id', tokenize='trigram');
                CREATE TRIGGER ticket_search_insert AFTER INSERT ON tickets BEGIN
                    INSERT INTO ticket_search(rowid, title, description) VALUES (new.id, new.title, new.description);
                END;
                CREATE TRIGGER ticket_search_delete AFTER DELETE ON tickets BEGIN
                    INSERT INTO ticket_search(ticket_search, rowid, title, description) VALUES ('delete', old.id, old.title, old.description);
                END;
                CREATE TRIGGER ticket_search_update AFTER UPDATE OF title, description ON tickets BEGIN
                    INSERT INTO ticket_search(ticket_search, rowid, title, description) VALUES ('delete', old.id, old.title, old.description);
                    INSERT INTO ticket_search(rowid, title, description) VALUES (new.id, new.title, new.description);
                END;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TABLE ticket_search;");

            migrationBuilder.DropTable(
                name: "data_protection_keys");

            migrationBuilder.DropTable(
                name: "scoring_jobs");

            migrationBuilder.DropTable(
                name: "ticket_events");

            migrationBuilder.DropTable(
                name: "triage_results");

            migrationBuilder.DropTable(
                name: "tickets");
        }
    }
}
