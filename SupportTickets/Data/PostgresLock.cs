using Npgsql;

namespace SupportTickets.Data;

/// <summary>Lets one instance at a time migrate a PostgreSQL database. The server releases it when the process dies.</summary>
internal sealed class PostgresLock : IAsyncDisposable
{
    // Any number will do, as long as all instances use the same one.
    private const long Key = 7_418_529_630;

    private readonly NpgsqlDataSource _source;

    /// <summary>Does not connect yet.</summary>
    public PostgresLock(string connectionString)
    {
        // Not pooled: closing the connection must end the session, and with it the lock. The wait for another instance has no limit.
        var text = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 };
        var source = new NpgsqlDataSourceBuilder(text.ConnectionString);
        source.ConfigureTypeLoading(types => types.EnableTypeLoading(false)); // they take longer to read than the rest of a start
        _source = source.Build();
        Connection = _source.CreateConnection();
    }

    /// <summary>The connection whose session holds the lock. It has to be open before the lock is taken.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Waits until no other instance has the lock.</summary>
    public async Task TakeAsync(CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_lock({Key})", Connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _source.DisposeAsync();
    }
}
