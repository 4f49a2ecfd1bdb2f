using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace SupportTickets.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class TicketDeletions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // In two steps: a constant is kept beside the table, while a function would rewrite every event. Those that are there
            // are older than every mark.
            migrationBuilder.AddColumn<ulong>(
                name: "transaction_id",
                table: "ticket_events",
                type: "xid8",
                nullable: false,
                defaultValueSql: "'0'::xid8");

            migrationBuilder.AlterColumn<ulong>(
                name: "transaction_id",
                table: "ticket_events",
                type: "xid8",
                nullable: false,
                defaultValueSql: "pg_current_xact_id()",
                oldClrType: typeof(ulong),
                oldType: "xid8",
                oldDefaultValueSql: "'0'::xid8");

            migrationBuilder.CreateTable(
                name: "ticket_deletions",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ticket_id = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    actor = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    channel = table.Column<int>(type: "integer", nullable: true),
                    transaction_id = table.Column<ulong>(type: "xid8", nullable: false, defaultValueSql: "pg_current_xact_id()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ticket_deletions", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_ticket_events_transaction_id",
                table: "ticket_events",
                column: "transaction_id");

            migrationBuilder.CreateIndex(
                name: "ix_ticket_deletions_ticket_id",
                table: "ticket_deletions",
                column: "ticket_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_ticket_deletions_transaction_id",
                table: "ticket_deletions",
                column: "transaction_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ticket_deletions");

            migrationBuilder.DropIndex(
                name: "ix_ticket_events_transaction_id",
                table: "ticket_events");

            migrationBuilder.DropColumn(
                name: "transaction_id",
                table: "ticket_events");
        }
    }
}
