using System.Linq;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SupportTickets.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class FoldedSearch : Migration
    {
        // The letters that FTS5 does not fold.
        private static readonly (string Letter, string Spelling)[] Letters =
        [
            ("ß", "ss"), ("ẞ", "ss"), ("İ", "i"), ("ı", "i"), ("ſ", "s"), ("ς", "σ"), ("µ", "μ"),
            ("ﬀ", "ff"), ("ﬁ", "fi"), ("ﬂ", "fl"), ("ﬃ", "ffi"), ("ﬄ", "ffl"), ("ﬅ", "st"), ("ﬆ", "st"),
        ];

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP TRIGGER ticket_search_insert;
                DROP TRIGGER ticket_search_delete;
                DROP TRIGGER ticket_search_update;
                DROP TABLE ticket_search;
                """);
            migrationBuilder.Sql(Index("ticket_search", "tickets", "title", "description"));
            migrationBuilder.Sql(Index("requester_search", "requesters", "name", "email", "organization"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new System.NotSupportedException("Restore the backup from before the upgrade instead.");

        // A trigram index of the texts as searches compare them. FTS5 keeps only the index. The triggers use no function of ours, so
        // that an older version and other programs can still write.
        private static string Index(string name, string table, params string[] columns)
        {
            var list = string.Join(", ", columns);
            var add = $"INSERT INTO {name}(rowid, {list}) VALUES (new.id, {Spelled("new.")});";
            var remove = $"INSERT INTO {name}({name}, rowid, {list}) VALUES ('delete', old.id, {Spelled("old.")});";
            return $"""
                CREATE VIRTUAL TABLE {name} USING fts5({list}, content='', tokenize='trigram');
                INSERT INTO {name}(rowid, {list}) SELECT id, {Spelled("")} FROM {table};
                CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN {add} END;
                CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {remove} END;
                CREATE TRIGGER {name}_update AFTER UPDATE OF {list} ON {table} BEGIN {remove} {add} END;
                """;

            string Spelled(string row) => string.Join(", ", columns.Select(column => Letters.Aggregate(
                row + column, (text, letter) => $"replace({text}, '{letter.Letter}', '{letter.Spelling}')")));
        }
    }
}
