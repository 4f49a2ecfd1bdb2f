using System.Linq.Expressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace SupportTickets.Tests.Libraries;

/// <summary>EF with a small model of its own: no function, converter or interceptor of the desk is in it.</summary>
public sealed class SampleDb(DbContextOptions<SampleDb> options) : DbContext(options)
{
    public DbSet<Item> Items => Set<Item>();

    public DbSet<Part> Parts => Set<Part>();

    public DbSet<Owner> Owners => Set<Owner>();

    /// <summary>An SQLite database in memory, with some items.</summary>
    internal static SampleDb Sqlite(params Item[] items)
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        var db = new SampleDb(new DbContextOptionsBuilder<SampleDb>().UseSqlite(connection, contextOwnsConnection: true).Options);
        db.Database.EnsureCreated();
        db.AddRange(items);
        db.SaveChanges();
        db.ChangeTracker.Clear();
        return db;
    }

    /// <summary>No database at all: what SQL is made for PostgreSQL can be seen without one.</summary>
    internal static SampleDb Postgres() => new(new DbContextOptionsBuilder<SampleDb>().UseNpgsql("Host=nowhere.invalid").Options);

    /// <summary>The SQL of a query over the items, in one line.</summary>
    internal static string Sql<T>(SampleDb db, Func<IQueryable<Item>, IQueryable<T>> query)
    {
        using (db)
            return string.Join(' ', query(db.Items).ToQueryString().Split('\n', StringSplitOptions.TrimEntries));
    }

    /// <summary>EF does not translate a predicate.</summary>
    internal static void CannotTranslate(SampleDb db, Expression<Func<Item, bool>> predicate)
    {
        using (db)
            Assert.ThrowsAny<InvalidOperationException>(() => db.Items.Where(predicate).ToQueryString());
    }
}
