using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;
using SupportTickets.OData.Apply;
using SupportTickets.OData.Binding;

namespace SupportTickets.Tests.Libraries;

/// <summary>
/// What Entity Framework Core does wrong on every database when it translates. A test that fails says that the library was mended: look at
/// the code that the test names, it can go or be simplified.
/// </summary>
public sealed class EfFaults
{
    /// <summary>A subquery over the whole table for each group. Worked around in <see cref="RelatedRows"/>.</summary>
    [Fact]
    public void What_groups_sum_of_related_rows_is_a_subquery_for_each_group()
    {
        Assert.Equal(2, Selects(items => items.GroupBy(i => i.Grade).Select(g => g.Sum(i => i.Owner!.Rank))));
        Assert.Equal(1, Selects(items => items.GroupBy(i => i.Grade).Select(g => g.Sum(i => i.Whole))));

        static int Selects(Func<IQueryable<Item>, IQueryable<int>> query) =>
            SampleDb.Sql(SampleDb.Postgres(), query).Split("SELECT ").Length - 1;
    }

    /// <summary>And of a column not, so the two differ. Worked around in <see cref="Grouping"/>.</summary>
    [Fact]
    public void Null_counts_as_a_distinct_value_of_related_rows()
    {
        using var db = SampleDb.Sqlite(new Item { Number = 1, Owner = new() { Rank = 1 } }, new Item());
        Assert.Equal(2, db.Items.GroupBy(i => 1).Select(g => g.Select(i => (int?)i.Owner!.Rank).Distinct().Count()).Single());
        Assert.Equal(1, db.Items.GroupBy(i => 1).Select(g => g.Select(i => i.Number).Distinct().Count()).Single());
    }

    /// <summary>
    /// SQLite reads <c>a = b IN (...)</c> from left to right, so wrong rows are found. Worked around in <see cref="Comparison.AmongRanks"/>
    /// and <see cref="QueryFunctions.Rank"/>.
    /// </summary>
    [Fact]
    public void A_comparison_with_a_list_lacks_its_parentheses()
    {
        using var db = SampleDb.Sqlite(new Item { Id = 2, Sure = true }, new Item { Id = 5, Sure = true }, new Item { Id = 6 });
        var expression = db.Items.Where(i => i.Sure == new[] { 1, 2 }.Contains(i.Id)).Select(i => i.Id);
        Assert.Contains("\"Sure\" = \"i\".\"Id\" IN (1, 2)", expression.ToQueryString(), StringComparison.Ordinal);
        Assert.NotEqual([2, 6], expression.AsEnumerable().Order());
    }

    /// <summary>Worked around in <see cref="Logic"/>.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_constant_forgets_that_its_type_has_null(bool constant)
    {
        var item = Expression.Parameter(typeof(Item));
        var both = Expression.AndAlso(Expression.Constant(constant, typeof(bool?)), Expression.Property(item, nameof(Item.Flag)));
        using var db = SampleDb.Sqlite(new Item { Flag = true });
        Assert.ThrowsAny<Exception>(() => db.Items.Select(Expression.Lambda<Func<Item, bool?>>(both, item)).Single());
    }

    /// <summary>Therefore <see cref="QueryFunctions.Round"/>.</summary>
    [Fact]
    public void Rounding_away_from_zero_is_not_translated()
    {
        SampleDb.CannotTranslate(SampleDb.Sqlite(), i => Math.Round(i.Price!.Value, MidpointRounding.AwayFromZero) > 1);
        SampleDb.CannotTranslate(SampleDb.Postgres(), i => Math.Round(i.Price!.Value, MidpointRounding.AwayFromZero) > 1);
    }

    /// <summary>Databases count code points. Worked around in <see cref="TextFunctions"/>.</summary>
    [Fact]
    public void A_text_has_another_length_as_a_constant_than_as_a_column()
    {
        using var db = SampleDb.Sqlite(new Item { Name = "😀" });
        var lengths = db.Items.Select(i => new { Column = i.Name.Length, Constant = "😀".Length }).Single();
        Assert.Equal((1, 2), (lengths.Column, lengths.Constant));
    }
}
