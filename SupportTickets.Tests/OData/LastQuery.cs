using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SupportTickets.Tests.OData;

/// <summary>Remembers the last query with its parameters.</summary>
internal sealed class LastQuery : DbCommandInterceptor
{
    private IReadOnlyList<DbParameter> _parameters = [];

    public string Text { get; private set; } = "";

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        (Text, _parameters) = (command.CommandText, [.. command.Parameters.Cast<DbParameter>()]);
        return new(result);
    }

    /// <summary>The plan of the query.</summary>
    /// <param name="db">Where it would run.</param>
    /// <param name="explain">What stands before the query.</param>
    public async Task<string> ExplainAsync(DbContext db, string explain)
    {
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = explain + Text;
        foreach (var parameter in _parameters)
        {
            var copy = command.CreateParameter();
            (copy.ParameterName, copy.Value) = (parameter.ParameterName, parameter.Value);
            command.Parameters.Add(copy);
        }
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            lines.Add(reader.GetString(reader.FieldCount - 1));
        return string.Join('\n', lines);
    }
}
