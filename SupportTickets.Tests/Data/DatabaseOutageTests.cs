using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SupportTickets.Data;

namespace SupportTickets.Tests.Data;

public sealed class DatabaseOutageTests
{
    [Theory]
    [InlineData("08006", true)] // connection failure
    [InlineData("28P01", true)] // wrong password
    [InlineData("3D000", true)] // no such database
    [InlineData("53300", true)] // too many connections
    [InlineData("53100", true)] // disk full
    [InlineData("57P01", true)] // shutting down
    [InlineData("57P03", true)] // starting up
    [InlineData("25006", true)] // read only
    [InlineData("58030", true)] // input or output failed
    [InlineData("XX001", true)] // damaged data
    [InlineData("XX002", true)] // a damaged index
    [InlineData("57014", false)] // a query that was cancelled
    [InlineData("23505", false)] // unique violation
    [InlineData("42P01", false)] // no such table
    [InlineData("22003", false)] // number out of range
    public void PostgreSQL_says_by_its_state_whether_it_is_away(string state, bool away) =>
        Assert.Equal(away, DatabaseOutage.Is(new DbUpdateException("", new PostgresException("text", "ERROR", "ERROR", state))));

    [Theory]
    [InlineData(5, true)] // busy
    [InlineData(10, true)] // input or output failed
    [InlineData(13, true)] // disk full
    [InlineData(14, true)] // cannot open
    [InlineData(11, true)] // damaged
    [InlineData(26, true)] // no database
    [InlineData(1, false)] // SQL error
    [InlineData(19, false)] // constraint
    public void SQLite_says_by_its_code_whether_it_is_away(int code, bool away) =>
        Assert.Equal(away, DatabaseOutage.Is(new InvalidOperationException("", new SqliteException("text", code))));

    [Fact]
    public void A_lost_connection_is_an_outage_and_other_failures_are_not()
    {
        Assert.True(DatabaseOutage.Is(new NpgsqlException("", new SocketException())));
        Assert.True(DatabaseOutage.Is(new NpgsqlException("the pool is exhausted", new TimeoutException())));
        Assert.False(DatabaseOutage.Is(new IOException()));
        Assert.False(DatabaseOutage.Is(new TimeoutException()));
        Assert.False(DatabaseOutage.Is(null));
    }

    [Fact]
    public void The_reason_is_the_first_line_of_what_the_driver_said()
    {
        var error = new DbUpdateException("An error occurred.", new NpgsqlException("Failed to connect\nmore", new SocketException()));
        Assert.Equal("Failed to connect", DatabaseOutage.Reason(error));
    }
}
