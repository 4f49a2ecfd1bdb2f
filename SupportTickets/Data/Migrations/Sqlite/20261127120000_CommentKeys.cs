using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SupportTickets.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class CommentKeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "key_hash",
                table: "comment_deletions",
                type: "BLOB",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_comment_deletions_key_hash",
                table: "comment_deletions",
                column: "key_hash",
                filter: "key_hash IS NOT NULL");

            // The version before kept the time of a first reply that was deleted. Its 9 is the field of comments.
            migrationBuilder.Sql(
                """
                UPDATE tickets SET version = version + 1, first_reply_at = (
                    SELECT created_at FROM comments
                    WHERE ticket_id = tickets.id AND NOT is_internal AND NOT is_from_requester ORDER BY id LIMIT 1)
                WHERE id IN (SELECT ticket_id FROM ticket_events WHERE field = 9 AND old_value = 'reply' AND new_value = '')
                """);
        }

        /// <inheritdoc />
        /// <remarks>Nothing goes back: a comment that was deleted must not return.</remarks>
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new System.NotSupportedException("Restore the backup from before the upgrade instead.");
    }
}
