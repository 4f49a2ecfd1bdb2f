using Microsoft.Data.Sqlite;
using Npgsql;

namespace SupportTickets.Configuration;

/// <summary>Which database, and how to reach it.</summary>
/// <param name="IsPostgres">PostgreSQL; else SQLite.</param>
/// <param name="ConnectionString">For the provider; may hold a password, so never logged.</param>
public sealed record DatabaseSettings(bool IsPostgres, string ConnectionString)
{
    // Two instances and a person with psql fit into the 100 connections that PostgreSQL allows by default. A request waits for a
    // free connection instead of being refused by the server.
    private const int MaxConnections = 45;

    private const int DefaultStatementSeconds = 30;

    private const string DefaultSqlitePath = "data/support-tickets.db";
    private const string Forms = "postgres://user:password@host:port/db, sqlite:///relative.db or sqlite:////absolute.db";

    /// <summary>STATEMENT_TIMEOUT_SECONDS: how long a statement may go on without giving a row.</summary>
    public int StatementSeconds { get; private init; } = DefaultStatementSeconds;

    /// <summary>
    /// POSTGRES_PREPARE: whether statements that are run again and again are prepared. Poolers that give each transaction another session
    /// have to know prepared statements (PgBouncer since 1.21).
    /// </summary>
    public bool Prepares { get; private init; } = true;

    /// <summary>
    /// Reads DATABASE_URL, else POSTGRES_* when POSTGRES_HOST is set, else takes the SQLite default. PGSSLMODE applies when the
    /// address has no sslmode.
    /// </summary>
    /// <exception cref="SettingException">The address is invalid.</exception>
    public static DatabaseSettings Read(Func<string, string?> text, bool requireTls)
    {
        var (settings, seconds) = (Address(text, requireTls), Settings.Whole(text, "STATEMENT_TIMEOUT_SECONDS", 1, 3600));
        return settings with
        {
            StatementSeconds = seconds ?? DefaultStatementSeconds,
            Prepares = Settings.Flag(text, "POSTGRES_PREPARE", true),
            // To prepare a statement takes the limit of the connection, not that of the statement.
            ConnectionString = !settings.IsPostgres || seconds is not { } limit ? settings.ConnectionString
                : new NpgsqlConnectionStringBuilder(settings.ConnectionString) { CommandTimeout = limit }.ConnectionString,
        };
    }

    /// <summary>Leaves out the connection string, which a record would print.</summary>
    public override string ToString() => IsPostgres ? "PostgreSQL" : "SQLite";

    /// <summary>
    /// An SQLite database in a file; relative paths start from the working directory. A missing file is created together with the
    /// schema, never just by opening it.
    /// </summary>
    public static DatabaseSettings Sqlite(string path) =>
        new(false, new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            ForeignKeys = true,
            DefaultTimeout = 30,
        }.ToString());

    private static DatabaseSettings Address(Func<string, string?> text, bool requireTls)
    {
        if (text("DATABASE_URL") is { } url)
            return FromUrl(url, text, requireTls);
        return text("POSTGRES_HOST") is { } host ? FromParts(host, text, requireTls) : Sqlite(DefaultSqlitePath);
    }

    private static DatabaseSettings FromParts(string host, Func<string, string?> text, bool requireTls) => Postgres(new()
    {
        Host = host,
        Port = Settings.Whole(text, "POSTGRES_PORT", 1, 65535) ?? 5432,
        Database = text("POSTGRES_DB") ?? "tickets",
        Username = text("POSTGRES_USER") ?? "postgres",
        Password = text("POSTGRES_PASSWORD") ?? "postgres",
    }, SslMode(text, requireTls));

    private static DatabaseSettings FromUrl(string url, Func<string, string?> text, bool requireTls)
    {
        const string sqlite = "sqlite:///";
        var isFile = url.StartsWith(sqlite, StringComparison.Ordinal) && url.Length > sqlite.Length;
        if (isFile && !url.Contains('?') && !url.Contains(":memory:"))
            return Sqlite(Uri.UnescapeDataString(url[sqlite.Length..]));
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("postgres" or "postgresql") || uri.Host.Length == 0 || uri.Port == 0)
            throw new SettingException(
                $"DATABASE_URL must look like {Forms}, with special characters in user and password written as %XX.");

        var user = uri.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(uri.Query);
        if (query.Keys.FirstOrDefault(key => key != "sslmode") is { } unknown)
            throw new SettingException($"DATABASE_URL has the option \"{unknown}\"; only sslmode is known.");
        var parts = new NpgsqlConnectionStringBuilder
        {
            Host = uri.IdnHost,
            Port = uri.Port < 0 ? 5432 : uri.Port,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')) is { Length: > 0 } name ? name : "tickets",
        };
        if (user[0].Length > 0) parts.Username = user[0];
        if (user.Length > 1) parts.Password = user[1];
        return Postgres(parts, query.TryGetValue("sslmode", out var mode)
            ? SslMode("DATABASE_URL has sslmode", mode.ToString())
            : SslMode(text, requireTls));
    }

    private static SslMode SslMode(Func<string, string?> text, bool requireTls) => text("PGSSLMODE") is { } mode
        ? SslMode("PGSSLMODE is", mode)
        : requireTls ? Npgsql.SslMode.Require : Npgsql.SslMode.Prefer;

    private static SslMode SslMode(string whose, string mode) => mode switch
    {
        "disable" => Npgsql.SslMode.Disable,
        "allow" => Npgsql.SslMode.Allow,
        "prefer" => Npgsql.SslMode.Prefer,
        "require" => Npgsql.SslMode.Require,
        "verify-ca" => Npgsql.SslMode.VerifyCA,
        "verify-full" => Npgsql.SslMode.VerifyFull,
        _ => throw new SettingException($"{whose} \"{mode}\"; it takes disable, allow, prefer, require, verify-ca or verify-full."),
    };

    private static DatabaseSettings Postgres(NpgsqlConnectionStringBuilder parts, SslMode sslMode)
    {
        parts.SslMode = sslMode;
        parts.ApplicationName = "support-tickets";
        parts.MaxPoolSize = MaxConnections;
        // A request leaves nothing behind in its session. To reset it would discard the plans of the triggers, which takes longer to make
        // than a whole write.
        parts.NoResetOnClose = true;
        parts.Timeout = 5; // seconds to connect: when the database is down, requests get 503 instead of waiting
        return new(true, parts.ConnectionString);
    }
}
