using System.Data;
using Microsoft.Data.Sqlite;
using SupportTickets.Data;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Data;

/// <summary>Connections to SQLite stay open while nobody uses them, and never when they hold something.</summary>
public sealed class KeptConnectionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_one_that_was_unused_longest_is_closed_when_there_are_many()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        var kept = new KeptConnections();
        var connections = Enumerable.Range(0, KeptConnections.Most + 1).Select(_ => new KeptConnection(database.Settings, kept)).ToList();
        foreach (var connection in connections)
        {
            Use(connection);
            Assert.Equal(ConnectionState.Closed, connection.State);
        }
        Assert.Null(connections[0].Handle);
        Assert.All(connections[1..], connection => Assert.NotNull(connection.Handle));
        var handle = connections[1].Handle;
        Use(connections[1]);
        Assert.Same(handle, connections[1].Handle);
        Use(connections[0]); // in place of the third
        Assert.Null(connections[2].Handle);
        foreach (var connection in connections)
            await connection.DisposeAsync();
        Assert.All(connections, connection => Assert.Null(connection.Handle));
    }

    [Theory]
    [InlineData("transaction")]
    [InlineData("reader")]
    public async Task One_that_still_holds_a_lock_or_a_snapshot_is_closed(string what)
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        using var connection = new KeptConnection(database.Settings, new());
        connection.Open();
        if (what == "transaction")
            connection.BeginTransaction();
        else
            Assert.True(Command(connection, "SELECT id FROM tickets UNION ALL SELECT 1 UNION ALL SELECT 2").ExecuteReader().Read());
        connection.Close();
        Assert.Null(connection.Handle);
        Use(connection);
        Assert.NotNull(connection.Handle);
    }

    [Fact]
    public async Task When_all_are_cleared_the_used_one_is_closed_after_its_use()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        var kept = new KeptConnections();
        using var idle = new KeptConnection(database.Settings, kept);
        using var used = new KeptConnection(database.Settings, kept);
        Use(idle);
        used.Open();
        kept.Clear();
        Assert.Null(idle.Handle);
        Assert.NotNull(used.Handle);
        used.Close();
        Assert.Null(used.Handle);
    }

    [Fact]
    public async Task Many_at_once_do_not_close_each_other_in_use()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        var kept = new KeptConnections();
        var options = new ParallelOptions { MaxDegreeOfParallelism = -1, CancellationToken = Cancel };
        await Parallel.ForAsync(0, KeptConnections.Most * 3, options,
            async (_, _) =>
            {
                using var connection = new KeptConnection(database.Settings, kept);
                for (var i = 0; i < 20; i++)
                {
                    Use(connection);
                    await Task.Yield(); // others take its place meanwhile
                    if (i == 10) kept.Clear();
                }
            });
    }

    private static void Use(KeptConnection connection)
    {
        connection.Open();
        Assert.Equal(1L, Command(connection, "SELECT 1 WHERE unicode_lower('A') = 'a'").ExecuteScalar());
        connection.Close();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
