using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using SupportTickets.Data;
using SupportTickets.OData.Binding;

namespace SupportTickets.Tests.Libraries;

/// <summary>
/// What Entity Framework Core does wrong or not at all on SQLite. A test that fails says that the library was mended: look at the code that
/// the test names, it can go or be simplified.
/// </summary>
public sealed class EfSqliteFaults
{
    /// <summary>C# and PostgreSQL do not find it. Worked around in <see cref="TextFunctions.Affix"/>.</summary>
    [Fact]
    public void A_text_starts_and_ends_with_what_has_another_case()
    {
        using var db = SampleDb.Sqlite(new Item { Id = 1, Name = "abc" });
        var (start, end) = ("A", "C");
        Assert.Equal([1], db.Items.Where(i => i.Name.StartsWith(start)).Select(i => i.Id));
        Assert.Equal([1], db.Items.Where(i => i.Name.EndsWith(end)).Select(i => i.Id));
        Assert.Empty(db.Items.Where(i => i.Name.Contains(start)));
    }

    /// <summary>Therefore <see cref="QueryFunctions.Lower"/> and <see cref="QueryFunctions.Upper"/>.</summary>
    [Fact]
    public void Letters_beyond_ASCII_keep_their_case()
    {
        using var db = SampleDb.Sqlite(new Item { Name = "Ää" });
        Assert.Equal(("Ää", "Ää"), db.Items.Select(i => ValueTuple.Create(i.Name.ToLower(), i.Name.ToUpper())).Single());
    }

    /// <summary>Therefore <see cref="QueryFunctions.Trim"/>.</summary>
    [Fact]
    public void Trim_takes_blanks_only()
    {
        using var db = SampleDb.Sqlite(new Item { Name = " \ta " });
        Assert.Equal("\ta", db.Items.Select(i => i.Name.Trim()).Single());
    }

    /// <summary>
    /// It compares their texts, 2 and 2.0. Therefore decimals are doubles in <see cref="Values"/> and <see cref="Functions"/>.
    /// </summary>
    [Fact]
    public void A_decimal_that_was_converted_is_not_equal_to_itself()
    {
        using var db = SampleDb.Sqlite(new Item { Id = 1, Whole = 2 });
        Assert.Empty(db.Items.Where(i => i.Whole == 2.0m));
        Assert.Equal([1], db.Items.Where(i => i.Whole == 2.0).Select(i => i.Id));
    }

    /// <summary>Only the words of its message tell what it was. Therefore <see cref="QueryFunctions.IsOutOfRange"/>.</summary>
    [Fact]
    public void An_infinite_number_as_a_decimal_fails_as_a_text_does()
    {
        using var db = SampleDb.Sqlite(new Item { Ratio = double.PositiveInfinity });
        var error = Assert.Throws<SqliteException>(() => db.Items.Select(i => (decimal)i.Ratio!.Value * 2m).ToList());
        Assert.Contains("was not in a correct format", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Therefore <see cref="QueryFunctions.MapSqlite"/>.</summary>
    [Fact]
    public void The_time_of_day_of_a_time_is_not_translated() =>
        SampleDb.CannotTranslate(SampleDb.Sqlite(), i => TimeOnly.FromDateTime(i.At) > new TimeOnly(10, 0));

    /// <summary>Therefore <see cref="QueryFunctions.Midnight"/>.</summary>
    [Fact]
    public void The_time_at_which_a_day_begins_is_not_translated() =>
        SampleDb.CannotTranslate(SampleDb.Sqlite(), i => i.Day.ToDateTime(TimeOnly.MinValue) > i.At);

    /// <summary>Therefore <see cref="QueryFunctions.SecondsBetween"/>.</summary>
    [Fact]
    public void The_difference_of_two_times_is_not_translated() =>
        SampleDb.CannotTranslate(SampleDb.Sqlite(), i => (i.At - i.Until!.Value).TotalSeconds > 1);

    /// <summary>Therefore <see cref="QueryFunctions.Microseconds"/>.</summary>
    [Fact]
    public void Microseconds_are_not_translated() => SampleDb.CannotTranslate(SampleDb.Sqlite(), i => i.At.Microsecond > 1);

    /// <summary>Durations are 501 there, which docs/odata-conformance.md says.</summary>
    [Fact]
    public void Durations_are_not_compared() => SampleDb.CannotTranslate(SampleDb.Sqlite(), i => i.Lasts > TimeSpan.FromHours(1));

    /// <summary>So JSON has it without a zone. Therefore the converter of <see cref="SqliteTicketDb"/>.</summary>
    [Fact]
    public void A_time_in_UTC_comes_back_without_its_zone()
    {
        using var db = SampleDb.Sqlite(new Item { At = DateTime.UnixEpoch });
        Assert.Equal(DateTimeKind.Unspecified, db.Items.Single().At.Kind);
    }

    /// <summary>
    /// A process that is killed leaves it behind, and all later ones wait for it. Worked around in <see cref="DatabaseMigrator"/>.
    /// </summary>
    [Fact]
    public async Task The_lock_of_migrations_stays_when_its_owner_is_gone()
    {
        await using var db = SampleDb.Sqlite();
        var history = db.GetService<IHistoryRepository>();
        _ = await history.AcquireDatabaseLockAsync(TestContext.Current.CancellationToken); // by one who does not live to release it
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var next = history.AcquireDatabaseLockAsync(patience.Token);
        Assert.False(next.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    /// <summary>Such migrations are written by hand (docs/decisions/0004-data.md); those of the search depend on it.</summary>
    [Fact]
    public void A_foreign_key_that_is_added_takes_the_triggers_away()
    {
        using var db = SampleDb.Sqlite();
        db.Database.ExecuteSqlRaw("CREATE TRIGGER kept AFTER INSERT ON \"Items\" BEGIN SELECT 1; END");
        var key = new AddForeignKeyOperation
        {
            Table = "Items",
            Name = "added",
            Columns = ["OwnerId"],
            PrincipalTable = "Owners",
            PrincipalColumns = ["Id"],
        };
        var commands = db.GetService<IMigrationsSqlGenerator>().Generate([key], db.GetService<IDesignTimeModel>().Model);
        foreach (var command in commands)
            db.Database.ExecuteSqlRaw(command.CommandText);
        Assert.Equal(0, db.Database.SqlQuery<int>($"SELECT count(*) AS Value FROM sqlite_master WHERE type = 'trigger'").Single());
    }
}
