using SupportTickets.Data;
using SupportTickets.OData.Apply;
using SupportTickets.OData.Binding;

namespace SupportTickets.Tests.Libraries;

/// <summary>
/// What Npgsql.EntityFrameworkCore.PostgreSQL does wrong when it translates, as its SQL shows. A test that fails says that the library was
/// mended: look at the code that the test names, it can go or be simplified.
/// </summary>
public sealed class EfNpgsqlFaults
{
    /// <summary>59.6 is 60 then. Worked around in <see cref="TimeFunctions.Second"/>.</summary>
    [Fact]
    public void The_second_of_a_time_is_rounded()
    {
        var sql = Sql(items => items.Where(i => i.At.Second > 1));
        Assert.Contains("date_part('second', i.\"At\" AT TIME ZONE 'UTC')::int >", sql, StringComparison.Ordinal);
    }

    /// <summary>Therefore <see cref="QueryFunctions.Microseconds"/>.</summary>
    [Fact]
    public void Parts_of_a_second_are_not_translated()
    {
        SampleDb.CannotTranslate(SampleDb.Postgres(), i => i.At.Millisecond > 1);
        SampleDb.CannotTranslate(SampleDb.Postgres(), i => i.At.Microsecond > 1);
    }

    /// <summary>Therefore <see cref="QueryFunctions.Trim"/>.</summary>
    [Fact]
    public void Trim_takes_four_kinds_of_white_space() =>
        Assert.Contains(@"btrim(i.""Name"", E' \t\n\r')", Sql(items => items.Select(i => i.Name.Trim())), StringComparison.Ordinal);

    /// <summary>The server has no such function. Worked around in <see cref="Grouping"/>.</summary>
    [Fact]
    public void The_maximum_of_Booleans_is_asked_for()
    {
        var sql = Sql(items => items.GroupBy(i => i.Grade).Select(g => g.Max(i => i.Flag)));
        Assert.Contains("max(i.\"Flag\")", sql, StringComparison.Ordinal);
    }

    /// <summary>The server does not know which function is meant. Worked around in <see cref="Grouping"/>.</summary>
    [Fact]
    public void An_aggregate_of_null_does_not_say_its_type()
    {
        var sql = Sql(items => items.GroupBy(i => i.Grade).Select(g => g.Sum(i => (int?)null)));
        Assert.Contains("sum(NULL)", sql, StringComparison.Ordinal);
    }

    /// <summary>Of a column it is. Worked around in <see cref="CaseFunction"/>.</summary>
    [Fact]
    public void A_part_of_a_time_that_a_condition_chooses_is_not_translated()
    {
        var (one, other) = (DateTime.UnixEpoch, DateTime.UnixEpoch.AddDays(1));
        SampleDb.CannotTranslate(SampleDb.Postgres(), i => (i.Sure ? one : other).Year > 2000);
        Assert.Contains("date_part('year'", Sql(items => items.Where(i => i.At.Year > 2000)), StringComparison.Ordinal);
    }

    private static string Sql<T>(Func<IQueryable<Item>, IQueryable<T>> query) => SampleDb.Sql(SampleDb.Postgres(), query);
}
