using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SupportTickets.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Assignee : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "assignee_id",
                table: "tickets",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "is_active",
                table: "people",
                type: "boolean",
                nullable: false,
                computedColumnSql: "role > 0 AND deactivated_at IS NULL",
                stored: true);

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

            migrationBuilder.AddForeignKey(
                name: "fk_tickets_assignee_id",
                table: "tickets",
                column: "assignee_id",
                principalTable: "people",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_tickets_assignee_id",
                table: "tickets");

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

            migrationBuilder.DropColumn(
                name: "assignee_id",
                table: "tickets");
        }
    }
}
