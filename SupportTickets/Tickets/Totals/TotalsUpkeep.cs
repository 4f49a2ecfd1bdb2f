using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Totals;

/// <summary>A total that is not what the tickets and events say.</summary>
/// <param name="Cell">Which one.</param>
/// <param name="Kept">What the table of totals has.</param>
/// <param name="Counted">What was counted.</param>
internal sealed record WrongTotal(string Cell, long Kept, long Counted);

/// <summary>Counts all totals anew: to compare them, or to put them right.</summary>
internal static class TotalsUpkeep
{
    /// <summary>Compares every total, in the transaction that is open. Reads all tickets and many of their events.</summary>
    /// <returns>The totals that are wrong, in the order of their names.</returns>
    public static async Task<IReadOnlyList<WrongTotal>> CompareAsync(TicketDb db, CancellationToken cancel)
    {
        Dictionary<string, (long Kept, long Counted)> cells = [];
        await ReadAsync(db, Kept(TotalsSql.Totals, TotalsSql.TotalKey, TotalsSql.TotalNumbers), TotalsSql.TotalKey.Count, AddKept, cancel);
        await ReadAsync(db, Kept(TotalsSql.Days, TotalsSql.DayKey, TotalsSql.DayNumbers), TotalsSql.DayKey.Count, AddKept, cancel);
        await ReadAsync(db, TotalsSql.CountedTotals, TotalsSql.TotalKey.Count, AddCounted, cancel);
        await ReadAsync(db, TotalsSql.CountedDays, TotalsSql.DayKey.Count, AddCounted, cancel);
        return
        [
            .. cells.Where(c => c.Value.Kept != c.Value.Counted).OrderBy(c => c.Key, StringComparer.Ordinal)
                .Select(c => new WrongTotal(c.Key, c.Value.Kept, c.Value.Counted)),
        ];

        void AddKept(string cell, long number) => cells[cell] = (number, cells.GetValueOrDefault(cell).Counted);

        void AddCounted(string cell, long number) => cells[cell] = (cells.GetValueOrDefault(cell).Kept, number);
    }

    /// <summary>Replaces all totals in one transaction. Until it is committed nobody else can write tickets.</summary>
    public static async Task RebuildAsync(TicketDb db, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel); // on SQLite it holds the write lock
        if (db.Sql.IsPostgres)
            await db.Database.ExecuteSqlRawAsync("LOCK TABLE tickets, ticket_events IN SHARE MODE", cancel);
        await db.Database.ExecuteSqlRawAsync(TotalsSql.Refill, cancel);
        await transaction.CommitAsync(cancel);
    }

    private static string Kept(string table, IReadOnlyList<string> key, IReadOnlyList<string> numbers) =>
        $"SELECT {string.Join(", ", key)}, {string.Join(", ", numbers.Select(n => $"sum({n}) AS {n}"))} "
        + $"FROM {table} GROUP BY {string.Join(", ", key)}";

    private static async Task ReadAsync(TicketDb db, string sql, int keys, Action<string, long> add, CancellationToken cancel)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        (command.CommandText, command.CommandTimeout) = (sql, 0); // no limit: nobody waits for it
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        await db.Database.OpenConnectionAsync(cancel);
        try
        {
            await using var rows = await command.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel))
            {
                var cell = string.Join(", ", Enumerable.Range(0, keys).Select(i => $"{rows.GetName(i)} {Text(rows, i)}"));
                for (var i = keys; i < rows.FieldCount; i++)
                    add($"{cell}: {rows.GetName(i)}", Convert.ToInt64(rows.GetValue(i), CultureInfo.InvariantCulture));
            }
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static string Text(DbDataReader rows, int column) => (rows.GetName(column), rows.GetValue(column)) switch
    {
        ("status", var value) => Member<Status>(value),
        ("priority", var value) => Member<Priority>(value),
        ("category", var value) => Member<Category>(value),
        ("sentiment", var value) => Member<Sentiment>(value),
        (_, DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        (_, var value) => string.Create(CultureInfo.InvariantCulture, $"{value:yyyy-MM-dd}"),
    };

    private static string Member<TEnum>(object number) where TEnum : struct, Enum =>
        ((TEnum)(object)Convert.ToInt32(number, CultureInfo.InvariantCulture)).ToString();
}
