using Microsoft.Data.Sqlite;
using SQLitePCL;
using SupportTickets.Data;

namespace SupportTickets.Tests.Libraries;

/// <summary>
/// What SQLite and its driver, Microsoft.Data.Sqlite, do wrong or not at all. A test that fails says that the library was mended: look at
/// the code that the test names, it can go or be simplified.
/// </summary>
public sealed class SqliteFaults
{
    /// <summary>Since 3.53. Worked around in <see cref="QueryFunctions.AsIs(string?)"/>.</summary>
    [Fact]
    public void Groups_of_rows_that_were_sorted_downwards_are_not_sorted_upwards()
    {
        const string sorted = "(SELECT 1 AS a UNION ALL SELECT 3 UNION ALL SELECT 2 ORDER BY a DESC LIMIT 10)";
        Assert.Equal([3, 2, 1], Read($"SELECT a FROM {sorted} GROUP BY a ORDER BY a"));
        Assert.Equal([1, 2, 3], Read($"SELECT a FROM {sorted} ORDER BY a"));
    }

    /// <summary>Nor when its time is over. Worked around in <see cref="SqliteStatements"/>.</summary>
    [Fact]
    public async Task A_statement_goes_on_when_its_caller_has_gone()
    {
        await using var connection = Open();
        using var caller = new CancellationTokenSource();
        connection.CreateFunction("leave", (long number) =>
        {
            caller.Cancel();
            return number;
        });
        await using var command = connection.CreateCommand();
        command.CommandText = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT sum(leave(i)) FROM n";
        Assert.Equal(500_500L, await command.ExecuteScalarAsync(caller.Token));
        Assert.True(caller.IsCancellationRequested);
    }

    /// <summary>It would tell that the file was moved. Therefore the P/Invoke in <see cref="SqliteFileWatch"/>.</summary>
    [Fact]
    public void The_driver_has_no_word_for_file_control()
    {
        var methods = typeof(raw).GetMethods().Select(method => method.Name).ToList();
        Assert.Contains(nameof(raw.sqlite3_progress_handler), methods);
        Assert.DoesNotContain("sqlite3_file_control", methods);
    }

    private static SqliteConnection Open()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection;
    }

    private static List<long> Read(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<long>();
        while (reader.Read()) values.Add(reader.GetInt64(0));
        return values;
    }
}
