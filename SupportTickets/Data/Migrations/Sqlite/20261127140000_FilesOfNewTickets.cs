using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SupportTickets.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class FilesOfNewTickets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // By hand: EF would build the table anew and drop the old one, with foreign keys off, in several transactions. This is how
            // SQLite's documentation takes a NOT NULL away (lang_altertable.html, 7): nothing is moved, and all or nothing is done. The
            // index after it makes other connections read the schema again.
            migrationBuilder.Sql("PRAGMA writable_schema = ON;");
            migrationBuilder.Sql(
                "UPDATE sqlite_schema SET sql = replace(sql, '\"ticket_id\" INTEGER NOT NULL', '\"ticket_id\" INTEGER NULL') "
                + "WHERE type = 'table' AND name = 'attachments';");
            migrationBuilder.Sql("PRAGMA writable_schema = RESET;");

            migrationBuilder.CreateIndex(
                name: "ix_attachments_waiting",
                table: "attachments",
                column: "created_at",
                filter: "is_internal AND comment_id IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_attachments_waiting",
                table: "attachments");

            migrationBuilder.Sql("DELETE FROM attachments WHERE ticket_id IS NULL;");
            migrationBuilder.Sql("PRAGMA writable_schema = ON;");
            migrationBuilder.Sql(
                "UPDATE sqlite_schema SET sql = replace(sql, '\"ticket_id\" INTEGER NULL', '\"ticket_id\" INTEGER NOT NULL') "
                + "WHERE type = 'table' AND name = 'attachments';");
            migrationBuilder.Sql("PRAGMA writable_schema = RESET;");
        }
    }
}
