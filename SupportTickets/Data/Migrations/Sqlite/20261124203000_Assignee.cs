using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SupportTickets.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Assignee : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // By hand: a foreign key added later makes EF build the table anew, and the triggers of the search would go with the old one.
            migrationBuilder.Sql("ALTER TABLE tickets ADD COLUMN assignee_id INTEGER NULL CONSTRAINT fk_tickets_assignee_id REFERENCES people (id) ON DELETE RESTRICT;");

            migrationBuilder.AddColumn<bool>(
                name: "is_active",
                table: "people",
                type: "INTEGER",
                nullable: false,
                computedColumnSql: "role > 0 AND deactivated_at IS NULL",
                stored: false);

            migrationBuilder.CreateIndex(
                name: "ix_tickets_assigned",
                table: "tickets",
                columns: new[] { "assignee_id", "status", "created_at", "id" },
                filter: "assignee_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_tickets_unassigned",
                table: "tickets",
                columns: new[] { "status", "created_at", "id" },
                filter: "assignee_id IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_people_name_id",
                table: "people",
                columns: new[] { "name", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_tickets_assigned",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "ix_tickets_unassigned",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "ix_people_name_id",
                table: "people");

            migrationBuilder.DropColumn(
                name: "is_active",
                table: "people");

            migrationBuilder.Sql("ALTER TABLE tickets DROP COLUMN assignee_id;");
        }
    }
}
