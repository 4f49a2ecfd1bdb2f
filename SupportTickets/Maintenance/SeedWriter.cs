using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using SupportTickets.Data;
using SupportTickets.Tickets;

namespace SupportTickets.Maintenance;

/// <summary>
/// Stores many tickets at once with each database's own bulk insert, one batch per transaction. Columns and their conversions come
/// from the model, so a new column needs no change here.
/// </summary>
internal abstract class SeedWriter(TicketDb db)
{
    private readonly Table _tickets = new(db.Model.FindEntityType(typeof(Ticket))!, withKey: true);
    private readonly Table _events = new(db.Model.FindEntityType(typeof(TicketEvent))!, withKey: false);

    public static SeedWriter For(TicketDb db) => db.Sql.IsPostgres ? new ToPostgres(db) : new ToSqlite(db);

    /// <summary>Stores tickets with their events, all or none.</summary>
    public async Task WriteAsync(IReadOnlyList<Ticket> batch, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var ids = await ReserveIdsAsync(batch.Count, cancel);
        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].Id = ids[i];
            foreach (var ticketEvent in batch[i].Events)
                ticketEvent.TicketId = ids[i];
        }
        await InsertAsync(_tickets, batch, cancel);
        await InsertAsync(_events, batch.SelectMany(t => t.Events), cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Lets the database update its statistics, so that the first queries get good plans.</summary>
    public virtual Task FinishAsync(CancellationToken cancel) => Task.CompletedTask;

    protected abstract Task<IReadOnlyList<int>> ReserveIdsAsync(int count, CancellationToken cancel);

    protected abstract Task InsertAsync(Table table, IEnumerable<object> rows, CancellationToken cancel);

    /// <summary>A table as the model has it, without columns that the database fills.</summary>
    protected sealed class Table
    {
        public Table(IEntityType entity, bool withKey)
        {
            Name = entity.GetTableName()!;
            var filledByUs = entity.GetProperties().Where(p => p.GetComputedColumnSql() is null && p.GetDefaultValueSql() is null);
            Columns = [.. filledByUs.Where(p => withKey || !p.IsPrimaryKey()).Select(p => new Column(p))];
        }

        public string Name { get; }

        public IReadOnlyList<Column> Columns { get; }

        public string ColumnList => string.Join(", ", Columns.Select(c => c.Name));
    }

    /// <summary>A column as the model has it.</summary>
    protected sealed class Column(IProperty property)
    {
        private readonly IClrPropertyGetter _getter = property.GetGetter();
        private readonly Func<object?, object?>? _convert = property.GetTypeMapping().Converter?.ConvertToProvider;

        public string Name { get; } = property.GetColumnName();

        public string StoreType { get; } = property.GetColumnType();

        public object? ValueOf(object row) => _getter.GetClrValue(row) is { } value ? _convert is null ? value : _convert(value) : null;
    }

    private sealed class ToPostgres(TicketDb db) : SeedWriter(db)
    {
        private readonly TicketDb _db = db;

        public override Task FinishAsync(CancellationToken cancel)
        {
            _db.Database.SetCommandTimeout(0); // no limit: nobody waits for it
            return _db.Database.ExecuteSqlRawAsync("VACUUM (ANALYZE) tickets, ticket_events", cancel);
        }

        protected override async Task<IReadOnlyList<int>> ReserveIdsAsync(int count, CancellationToken cancel) => await _db.Database
            .SqlQuery<int>($"SELECT nextval(pg_get_serial_sequence('tickets', 'id'))::int AS \"Value\" FROM generate_series(1, {count})")
            .ToListAsync(cancel);

        protected override async Task InsertAsync(Table table, IEnumerable<object> rows, CancellationToken cancel)
        {
            var connection = (NpgsqlConnection)_db.Database.GetDbConnection();
            await using var copy = await connection.BeginBinaryImportAsync(
                $"COPY {table.Name} ({table.ColumnList}) FROM STDIN (FORMAT BINARY)", cancel);
            foreach (var row in rows)
            {
                await copy.StartRowAsync(cancel);
                foreach (var column in table.Columns)
                {
                    if (column.ValueOf(row) is { } value) await copy.WriteAsync(value, column.StoreType, cancel);
                    else await copy.WriteNullAsync(cancel);
                }
            }
            await copy.CompleteAsync(cancel);
        }
    }

    private sealed class ToSqlite(TicketDb db) : SeedWriter(db)
    {
        private readonly TicketDb _db = db;

        // The transaction holds the write lock, so nobody else takes these ids.
        protected override async Task<IReadOnlyList<int>> ReserveIdsAsync(int count, CancellationToken cancel)
        {
            var last = await _db.Database
                .SqlQuery<int>($"SELECT seq AS \"Value\" FROM sqlite_sequence WHERE name = 'tickets'")
                .FirstOrDefaultAsync(cancel);
            return [.. Enumerable.Range(last + 1, count)];
        }

        protected override Task InsertAsync(Table table, IEnumerable<object> rows, CancellationToken cancel)
        {
            using var insert = ((SqliteConnection)_db.Database.GetDbConnection()).CreateCommand();
            var values = string.Join(", ", table.Columns.Select(c => "@" + c.Name));
            insert.CommandText = $"INSERT INTO {table.Name} ({table.ColumnList}) VALUES ({values})";
            var parameters = table.Columns.Select(c => insert.Parameters.AddWithValue("@" + c.Name, DBNull.Value)).ToList();
            insert.Prepare();
            foreach (var row in rows)
            {
                cancel.ThrowIfCancellationRequested();
                for (var i = 0; i < parameters.Count; i++)
                    parameters[i].Value = table.Columns[i].ValueOf(row) ?? DBNull.Value;
                insert.ExecuteNonQuery(); // SQLite works in this thread even in its asynchronous methods
            }
            return Task.CompletedTask;
        }
    }
}
