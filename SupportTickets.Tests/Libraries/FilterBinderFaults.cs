using Microsoft.AspNetCore.OData.Query;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Binding;

namespace SupportTickets.Tests.Libraries;

/// <summary>
/// What Microsoft.AspNetCore.OData does wrong when it makes an expression for the database of a filter. A test that fails says that the
/// library was mended: look at the code that the test names, it can go or be simplified.
/// </summary>
public sealed class FilterBinderFaults
{
    /// <summary>URL Conventions 4.01, 5.1.1.1: true, false, never a failure. Worked around in <see cref="Comparison"/>.</summary>
    [Theory]
    [InlineData("Number gt null")]
    [InlineData("Number ge null")]
    [InlineData("Number le null")]
    public void Nothing_is_ordered_beside_null(string filter) =>
        Assert.Throws<InvalidOperationException>(() => Sample.Found(filter, new Item()));

    /// <summary>5.1.1.1.3: a comparison with null is false, so not of it is true. Worked around in <see cref="Logic"/>.</summary>
    [Theory]
    [InlineData("not (Number gt 5)")]
    [InlineData("Flag ne true")]
    [InlineData("Owner/Rank ne 1")]
    public void With_looks_for_null_a_comparison_with_null_is_null(string filter)
    {
        var (present, missing) = (new Item { Id = 1, Number = 1, Flag = false, Owner = new() { Rank = 2 } }, new Item { Id = 2 });
        Assert.Equal([1], Sample.Found(filter, present, missing));
    }

    /// <summary>5.1.1.4: contains is null, and so is not of it. Worked around in <see cref="Logic"/>.</summary>
    [Fact]
    public void Without_looks_for_null_a_function_of_null_is_false()
    {
        using var db = SampleDb.Sqlite(new Item { Id = 1 });
        Assert.Equal([1], Sample.Found("not contains(Note,'x')", db));
    }

    /// <summary>5.1.1.4. Worked around in <see cref="TextFunctions.Concat"/>.</summary>
    [Fact]
    public void Without_looks_for_null_concat_takes_null_for_an_empty_text()
    {
        using var db = SampleDb.Sqlite(new Item { Id = 1 });
        Assert.Equal([1], Sample.Found("concat(Note,'x') eq 'x'", db));
    }

    /// <summary>Worked around in <see cref="Binders"/>.</summary>
    [Fact]
    public void Inside_expand_it_looks_for_null_although_the_settings_say_no()
    {
        Assert.Equal(HandleNullPropagationOption.False, Sample.Settings.HandleNullPropagation);
        var (inside, outside) = (Sql("$expand=Parts($filter=not contains(Label,'x'))"), Sql("$filter=not contains(Note,'x')"));
        Assert.Contains("IS NULL THEN NULL", inside, StringComparison.Ordinal);
        Assert.DoesNotContain("THEN NULL", outside, StringComparison.Ordinal);

        static string Sql(string query) => Sample.Sql(query, SampleDb.Sqlite());
    }

    /// <summary>5.1.1.9.1: halves go away from zero. Worked around in <see cref="Functions"/>.</summary>
    [Fact]
    public void Round_takes_halves_to_the_even_neighbour() =>
        Assert.Equal([1], Sample.Found("round(Ratio) eq 2", new Item { Id = 1, Ratio = 2.5 }));

    /// <summary>Worked around in <see cref="TimeFunctions.Fraction"/>.</summary>
    [Fact]
    public void Fractions_of_a_second_end_after_three_digits()
    {
        var item = new Item { Id = 1, At = new(2026, 1, 5, 9, 45, 0, 123, 456, DateTimeKind.Utc) };
        Assert.Equal([1], Sample.Found("fractionalseconds(At) eq 0.123", item));
        Assert.Empty(Sample.Found("fractionalseconds(At) eq 0.123456", item));
    }

    /// <summary>Protocol 4.01, conformance to Minimal, 9.1. Worked around in <see cref="Functions.Literal"/>.</summary>
    [Fact]
    public void A_text_that_is_cast_is_null()
    {
        Assert.Empty(Sample.Found("cast('5',Edm.Int32) eq 5", new Item { Id = 1 }));
        Assert.Equal([1], Sample.Found("cast('5',Edm.Int32) eq null", new Item { Id = 1 }));
    }

    /// <summary>It is the name. Worked around in <see cref="Functions"/>.</summary>
    [Fact]
    public void A_member_that_is_cast_to_text_is_its_number_in_the_database()
    {
        using var db = SampleDb.Sqlite(new Item { Id = 1, Grade = Grade.high });
        Assert.Empty(Sample.Found("cast(Grade,Edm.String) eq 'high'", db));
        Assert.Equal([1], Sample.Found("cast(Grade,Edm.String) eq '2'", db));
    }

    /// <summary>5.1.1.8. Bound by <see cref="Functions"/> and <see cref="TimeFunctions"/>.</summary>
    [Theory]
    [InlineData("totalseconds(Lasts) gt 1")]
    [InlineData("totaloffsetminutes(At) eq 0")]
    [InlineData("maxdatetime() gt At")]
    [InlineData("mindatetime() lt At")]
    public void Some_canonical_functions_are_parsed_and_not_bound(string filter) =>
        Assert.Throws<NotImplementedException>(() => Sample.Found(filter, new Item { Lasts = TimeSpan.FromHours(1) }));

    /// <summary>So it has no index. Worked around in <see cref="Values"/>.</summary>
    [Theory]
    [InlineData("Day eq 2026-01-05")]
    [InlineData("date(At) eq 2026-01-05")]
    public void A_day_is_compared_by_a_number_made_of_its_parts(string filter)
    {
        Assert.Contains("* 10000", Sample.Sql($"$filter={filter}", SampleDb.Sqlite()), StringComparison.Ordinal);
        Assert.Contains("* 10000", Sample.Sql($"$filter={filter}", SampleDb.Postgres()), StringComparison.Ordinal);
    }

    /// <summary>Worked around in <see cref="Values"/>.</summary>
    [Fact]
    public void A_time_of_day_is_compared_by_a_number_that_no_database_has_and_to_the_millisecond()
    {
        Assert.Equal([1], Sample.Found("Clock eq 10:00:00.123", new Item { Id = 1, Clock = new(10, 0, 0, 123, 456) }));
        Assert.Throws<InvalidOperationException>(() => Sample.Sql("$filter=Clock gt 10:00:00", SampleDb.Sqlite()));
        Assert.Throws<InvalidOperationException>(() => Sample.Sql("$filter=Clock gt 10:00:00", SampleDb.Postgres()));
    }

    /// <summary>Worked around in <see cref="ListItems"/>.</summary>
    [Theory]
    [InlineData("Day in (2026-01-05)")]
    [InlineData("At in (2026-01-05T00:00:00Z)")]
    public void Lists_of_days_and_times_fail(string filter) => Assert.Throws<InvalidCastException>(() => Sample.Found(filter, new Item()));

    /// <summary>So it has no index, and on PostgreSQL seven digits only. Worked around in <see cref="Promotion"/>.</summary>
    [Fact]
    public void A_column_of_whole_numbers_is_converted_to_be_compared_with_a_fraction()
    {
        Assert.Contains("CAST(\"i\".\"Id\" AS REAL)", Sample.Sql("$filter=Id gt 6.5", SampleDb.Sqlite()), StringComparison.Ordinal);
        Assert.Contains("i.\"Id\"::real", Sample.Sql("$filter=Id gt 6.5", SampleDb.Postgres()), StringComparison.Ordinal);
    }

    /// <summary>
    /// What is remembered by node is then forgotten, and functions in each other double the work with each level. Worked around in
    /// <see cref="ExtendedOperators.Decoded"/>.
    /// </summary>
    [Fact]
    public void Parameters_of_a_function_are_other_nodes_each_time_they_are_looked_at()
    {
        var outer = (SingleValueFunctionCallNode)Sample.Options("$filter=contains(concat(Name,'a'),'b')").Filter.FilterClause.Expression;
        Assert.NotSame(outer.Parameters.First(), outer.Parameters.First());
    }
}
