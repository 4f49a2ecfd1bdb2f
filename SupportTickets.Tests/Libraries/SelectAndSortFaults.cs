using Microsoft.AspNetCore.OData.Query;
using Microsoft.EntityFrameworkCore;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Query;
using SupportTickets.Tests.OData.Differential;

namespace SupportTickets.Tests.Libraries;

/// <summary>
/// What Microsoft.AspNetCore.OData does wrong with <c>$select</c>, <c>$expand</c>, <c>$orderby</c> and pages. A test that fails says that
/// the library was mended: look at the code that the test names, it can go or be simplified.
/// </summary>
public sealed class SelectAndSortFaults
{
    /// <summary>Protocol 4.01, 11.2.5.3: it is in the answer. Worked around in <see cref="ComputedSelection"/>.</summary>
    [Fact]
    public void What_is_computed_is_left_out_unless_it_is_selected()
    {
        Assert.IsType<Item>(Sample.Options("$compute=Id mul 2 as D").ApplyTo(new[] { new Item() }.AsQueryable()).Cast<object>().Single());
        Assert.Equal(2, Sample.Shaped("$compute=Id mul 2 as D&$select=D", new Item { Id = 1 })["D"]);
    }

    /// <summary>URL Conventions 4.01, 5.1.3: it is a count, without the rows. Worked around in <see cref="ComputedSelection"/>.</summary>
    [Fact]
    public void The_count_of_what_is_expanded_is_its_rows() =>
        Assert.Equal(7, Assert.Single(Sample.Expanded("$expand=Parts/$count&$select=Id", new Item { Parts = [new() { Id = 7 }] }))["Id"]);

    /// <summary>Worked around in <see cref="ComputedSelection"/>.</summary>
    [Fact]
    public void Count_false_in_expand_fails_where_there_are_no_pages()
    {
        var item = new Item { Parts = [new()] };
        Assert.ThrowsAny<ArgumentException>(() => Sample.Expanded("$expand=Parts($count=false)", item));
        Assert.Single(Sample.Expanded("$expand=Parts", item));
    }

    /// <summary>
    /// Answered by 501, as <see cref="KnownDifferences"/> and docs/odata-conformance.md say: both say less when this goes.
    /// </summary>
    [Fact]
    public void What_is_computed_in_expand_cannot_be_sorted_by() => Assert.Throws<NotSupportedException>(() => Sample.Expanded(
        "$expand=Parts($compute=Size mul 2 as D;$orderby=D)", new Item { Parts = [new() { Size = 1 }, new() { Size = 2 }] }));

    /// <summary>
    /// Protocol 4.01, 11.2.6.2: null comes first when ascending, and PostgreSQL puts it last. Worked around in <see cref="SortOrder"/>,
    /// and in <see cref="Binders"/> for what is expanded.
    /// </summary>
    [Theory]
    [InlineData("$orderby=Number", "ORDER BY i.\"Number\"")]
    [InlineData("$expand=Parts($orderby=Label)", "ORDER BY i.\"Id\", p.\"Label\"")]
    public void Missing_values_come_where_the_database_puts_them(string query, string order)
    {
        var sql = Sample.Sql(query, SampleDb.Postgres());
        Assert.Contains(order, sql, StringComparison.Ordinal);
        Assert.DoesNotContain("NULLS FIRST", sql, StringComparison.Ordinal);
    }

    /// <summary>So rows that are equal come in any order. Worked around in <see cref="Binders"/>.</summary>
    [Theory]
    [InlineData("$expand=Parts", "ORDER BY i.\"Id\"")]
    [InlineData("$expand=Parts($orderby=Label)", "ORDER BY i.\"Id\", p.\"Label\"")]
    public void What_is_expanded_is_not_sorted_by_its_key(string query, string order) =>
        Assert.EndsWith(order, Sample.Sql(query, SampleDb.Postgres()), StringComparison.Ordinal);

    /// <summary>
    /// Behind 5 there are those without a value, on PostgreSQL. Therefore <see cref="SortOrder.After"/> and <see cref="PageToken"/>.
    /// </summary>
    [Fact]
    public void The_next_page_leaves_out_rows_without_a_value()
    {
        var sql = NextPage("$orderby=Number&$skiptoken=Number-5,Id-5");
        Assert.Contains("i.\"Number\" >", sql, StringComparison.Ordinal);
        Assert.DoesNotContain("IS NULL", sql, StringComparison.Ordinal);
    }

    /// <summary>
    /// PostgreSQL does not see through the OR and reads the index from its start. Therefore <see cref="SortOrder.After"/>.
    /// </summary>
    [Fact]
    public void The_next_page_has_no_bound_that_an_index_could_use()
    {
        var sql = NextPage("$orderby=Whole&$skiptoken=Whole-5,Id-5");
        Assert.DoesNotContain("i.\"Whole\" >=", sql, StringComparison.Ordinal);
        Assert.Matches(@"WHERE i\.""Whole"" > @\w+ OR \(", sql);
    }

    private static string NextPage(string query)
    {
        using var db = SampleDb.Postgres();
        var options = Sample.Options(query);
        var settings = new ODataQuerySettings { PageSize = 2, HandleNullPropagation = HandleNullPropagationOption.False };
        var sorted = options.OrderBy.ApplyTo(db.Items, settings);
        return new DefaultSkipTokenHandler().ApplyTo(sorted, options.SkipToken, settings, options).ToQueryString();
    }
}
