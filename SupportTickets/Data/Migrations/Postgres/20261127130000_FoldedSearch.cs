using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SupportTickets.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class FoldedSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_tickets_description_trgm",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "ix_tickets_title_trgm",
                table: "tickets");

            // Text as searches compare it. The first function names no other of ours: an index uses it, and a backup is restored
            // without a search path. Texts with as many bytes as characters are ASCII, and most are.
            migrationBuilder.Sql("""
                CREATE FUNCTION search_spelled(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                    SELECT CASE WHEN octet_length($1) = length($1) THEN $1 ELSE
                        replace(replace(replace(replace(replace(replace(replace(
                            replace(replace(replace(replace(replace(replace(replace($1,
                            'ß', 'ss'), 'ẞ', 'ss'), 'İ', 'i'), 'ı', 'i'), 'ſ', 's'), 'ς', 'σ'), 'µ', 'μ'),
                            'ﬀ', 'ff'), 'ﬁ', 'fi'), 'ﬂ', 'fl'), 'ﬃ', 'ffi'), 'ﬄ', 'ffl'), 'ﬅ', 'st'), 'ﬆ', 'st') END
                $$;

                CREATE FUNCTION search_words(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                    SELECT ' ' || translate(lower(search_spelled($1)),
                        E'\t\n\r\u00A0\u3000.,;:!?()[]{}<>"\'`/\\|-_+*=#&@~^%$…–—“”„‘’«»¿¡、。，！？：；（）「」・', repeat(' ', 100)) || ' '
                $$;

                CREATE FUNCTION search_rank(title text, term text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                    SELECT CASE
                        WHEN strpos(search_words(title), search_words(term)) > 0 THEN 2
                        WHEN strpos(lower(search_spelled(title)), lower(search_spelled(term))) > 0 THEN 1
                        ELSE 0 END
                $$;

                CREATE FUNCTION search_place(content text, term text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                    SELECT CASE WHEN found.at > 0
                        THEN found.at + length(left(content, found.at - 1)) - length(search_spelled(left(content, found.at - 1))) END
                    FROM (SELECT strpos(lower(search_spelled(content)), lower(search_spelled(term))) AS at) AS found
                $$;

                CREATE INDEX ix_tickets_title_search ON tickets USING gin (search_spelled(title) gin_trgm_ops);
                CREATE INDEX ix_tickets_description_search ON tickets USING gin (search_spelled(description) gin_trgm_ops);
                CREATE INDEX ix_requesters_name_search ON requesters USING gin (search_spelled(name) gin_trgm_ops);
                CREATE INDEX ix_requesters_email_search ON requesters USING gin (search_spelled(email) gin_trgm_ops);
                CREATE INDEX ix_requesters_organization_search ON requesters USING gin (search_spelled(organization) gin_trgm_ops);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new System.NotSupportedException("Restore the backup from before the upgrade instead.");
    }
}
