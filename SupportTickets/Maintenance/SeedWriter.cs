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
    private readonly Table _comments = new(db.Model.FindEntityType(typeof(Comment))!, withKey: true);
    private readonly Table _tags = new(db.Model.FindEntityType(typeof(TicketTag))!, withKey: false);
    private readonly Table _files = new(db.Model.FindEntityType(typeof(Attachment))!, withKey: true);
    private readonly Table _pieces = new(db.Model.FindEntityType(typeof(AttachmentPiece))!, withKey: true);

    public static SeedWriter For(TicketDb db) => db.Sql.IsPostgres ? new ToPostgres(db) : new ToSqlite(db);

    /// <summary>Stores tickets with all that belongs to them, all or none.</summary>
    public async Task WriteAsync(IReadOnlyList<Ticket> batch, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        List<Comment> comments = [.. batch.SelectMany(t => t.Comments)];
        List<Attachment> files = [.. batch.SelectMany(t => t.Attachments)];
        foreach (var (ticket, id) in batch.Zip(await ReserveIdsAsync(_tickets, batch.Count, cancel))) ticket.Id = id;
        foreach (var (comment, id) in comments.Zip(await ReserveIdsAsync(_comments, comments.Count, cancel))) comment.Id = id;
        foreach (var (file, id) in files.Zip(await ReserveIdsAsync(_files, files.Count, cancel))) file.Id = id;
        foreach (var ticket in batch) Link(ticket);
        await InsertAsync(_tickets, batch, cancel);
        await InsertAsync(_comments, comments, cancel);
        await InsertAsync(_events, batch.SelectMany(t => t.Events), cancel);
        await InsertAsync(_tags, batch.SelectMany(t => t.Tags), cancel);
        await InsertAsync(_files, files, cancel);
        await InsertAsync(_pieces, files.Select(SeedFiles.PieceOf), cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Lets the database update its statistics, so that the first queries get good plans.</summary>
    public virtual Task FinishAsync(CancellationToken cancel) => Task.CompletedTask;

    protected abstract Task<IReadOnlyList<int>> ReserveIdsAsync(Table table, int count, CancellationToken cancel);

    // Gives all that belongs to a ticket the keys that it refers to.
    private static void Link(Ticket ticket)
    {
        foreach (var comment in ticket.Comments) comment.TicketId = ticket.Id;
        foreach (var tag in ticket.Tags) tag.TicketId = ticket.Id;
        foreach (var file in ticket.Attachments) file.TicketId = ticket.Id;
        foreach (var ticketEvent in ticket.Events) ticketEvent.TicketId = ticket.Id;
        foreach (var (said, comment) in ticket.Events.Where(e => e.Field == TicketField.comment).Zip(ticket.Comments))
            said.CommentId = comment.Id;
    }

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
            return _db.Database.ExecuteSqlRawAsync(
                "VACUUM (ANALYZE) tickets, ticket_texts, ticket_events, requesters, comments, tags, ticket_tags, attachments,"
                    + " ticket_totals, day_totals",
                cancel);
        }

        protected override async Task<IReadOnlyList<int>> ReserveIdsAsync(Table table, int count, CancellationToken cancel) =>
            await _db.Database
                .SqlQuery<int>($"""
                    SELECT nextval(pg_get_serial_sequence({table.Name}, 'id'))::int AS "Value" FROM generate_series(1, {count})
                    """)
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
        protected override async Task<IReadOnlyList<int>> ReserveIdsAsync(Table table, int count, CancellationToken cancel)
        {
            var last = await _db.Database
                .SqlQuery<int>($"SELECT seq AS \"Value\" FROM sqlite_sequence WHERE name = {table.Name}")
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
