namespace SupportTickets.Data;

/// <summary>SQL that differs between the two databases, for the tables of the features.</summary>
public abstract class SqlDialect
{
    /// <summary>The dialect of SQLite.</summary>
    public static readonly SqlDialect Sqlite = new OfSqlite();

    /// <summary>The dialect of PostgreSQL.</summary>
    public static readonly SqlDialect Postgres = new OfPostgres();

    /// <summary>Whether it is the dialect of PostgreSQL.</summary>
    public bool IsPostgres => this is OfPostgres;

    /// <summary>
    /// Whether a generated column that is added to an existing table is stored. SQLite cannot add stored ones; PostgreSQL has only
    /// stored ones.
    /// </summary>
    public bool StoresAddedColumns => IsPostgres;

    /// <summary>The UTC day of a timestamp column.</summary>
    public abstract string Date(string column);

    /// <summary>The whole minutes between two timestamp columns, seconds cut off.</summary>
    public abstract string Minutes(string start, string end);

    private sealed class OfSqlite : SqlDialect
    {
        public override string Date(string column) => $"date({column})";

        public override string Minutes(string start, string end) => $"(unixepoch({end}) - unixepoch({start})) / 60";
    }

    private sealed class OfPostgres : SqlDialect
    {
        public override string Date(string column) => $"({column} AT TIME ZONE 'UTC')::date";

        public override string Minutes(string start, string end) => $"(({Seconds(end)} - {Seconds(start)}) / 60)::int";

        // The zone is named so that the expression is immutable, as a generated column must be.
        private static string Seconds(string column) => $"floor(extract(epoch from {column} AT TIME ZONE 'UTC'))::bigint";
    }
}
