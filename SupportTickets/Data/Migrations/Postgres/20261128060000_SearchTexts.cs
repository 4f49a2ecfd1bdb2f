using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SupportTickets.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class SearchTexts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Writers wait until the texts are there, readers do not.
            migrationBuilder.Sql("LOCK TABLE tickets IN SHARE ROW EXCLUSIVE MODE;");
            migrationBuilder.Sql(Texts);
            migrationBuilder.CreateIndex(
                name: "ix_tickets_status_priority_id",
                table: "tickets",
                columns: new[] { "status", "priority", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new System.NotSupportedException("Restore the backup from before the upgrade instead.");

        // The texts of the search in a table of their own. In the table of the tickets each change of a status wrote their index anew,
        // which took more time than everything else in it.
        private const string Texts = """
            CREATE FUNCTION search_text(title text, description text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                SELECT lower(search_spelled(title)) || chr(1) || lower(search_spelled(description))
            $$;
            CREATE TABLE ticket_texts (ticket_id integer PRIMARY KEY, searched text NOT NULL);
            INSERT INTO ticket_texts (ticket_id, searched) SELECT id, search_text(title, description) FROM tickets;
            CREATE INDEX ix_ticket_texts_searched ON ticket_texts USING gin (searched gin_trgm_ops);
            ANALYZE ticket_texts;

            CREATE FUNCTION keep_texts_insert() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO ticket_texts (ticket_id, searched) SELECT id, search_text(title, description) FROM added
                ON CONFLICT (ticket_id) DO UPDATE SET searched = excluded.searched;
                RETURN NULL;
            END $$;
            CREATE TRIGGER texts_insert AFTER INSERT ON tickets REFERENCING NEW TABLE AS added
                FOR EACH STATEMENT EXECUTE FUNCTION keep_texts_insert();

            CREATE FUNCTION keep_texts_update() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO ticket_texts (ticket_id, searched) VALUES (NEW.id, search_text(NEW.title, NEW.description))
                ON CONFLICT (ticket_id) DO UPDATE SET searched = excluded.searched;
                RETURN NULL;
            END $$;
            CREATE TRIGGER texts_update AFTER UPDATE OF title, description ON tickets
                FOR EACH ROW EXECUTE FUNCTION keep_texts_update();

            CREATE FUNCTION keep_texts_delete() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                DELETE FROM ticket_texts USING removed WHERE ticket_id = removed.id;
                RETURN NULL;
            END $$;
            CREATE TRIGGER texts_delete AFTER DELETE ON tickets REFERENCING OLD TABLE AS removed
                FOR EACH STATEMENT EXECUTE FUNCTION keep_texts_delete();
            """;
    }
}
