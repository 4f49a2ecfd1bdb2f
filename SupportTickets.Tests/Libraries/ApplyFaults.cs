using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Wrapper;
using Microsoft.OData;
using SupportTickets.OData.Apply;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Request;

namespace SupportTickets.Tests.Libraries;

/// <summary>
/// What the OData libraries do wrong with <c>$apply</c> and <c>$compute</c> (Data Aggregation 4.0). A test that fails says that the library
/// was mended: look at the code that the test names, it can go or be simplified.
/// </summary>
public sealed class ApplyFaults
{
    /// <summary>Therefore <see cref="RowShape.Text"/>, by which <see cref="ApplyExpressions"/> tells the library what there is.</summary>
    [Theory]
    [InlineData("compute(Id add 1 as A)/compute(A add 1 as B)/filter(A gt 0)")]
    [InlineData("groupby((Name),aggregate($count as N))/compute(N mul 2 as M)/filter(N gt 1)")]
    [InlineData("groupby((Name),aggregate($count as N))/compute(N mul 2 as M)/filter(Name eq 'a')")]
    public void Behind_compute_all_other_names_are_forgotten(string apply) => Refuses(apply, instead: apply[..apply.LastIndexOf('/')]);

    /// <summary>Therefore <see cref="ApplyPipeline"/> and <see cref="Rollup"/>.</summary>
    [Theory]
    [InlineData("topcount(2,Id)")]
    [InlineData("bottomcount(2,Id)")]
    [InlineData("orderby(Id)")]
    [InlineData("top(2)")]
    [InlineData("skip(2)")]
    [InlineData("identity")]
    [InlineData("search(a)")]
    [InlineData("concat(groupby((Name)),groupby((Note)))")]
    [InlineData("groupby((rollup($all,Name)),aggregate($count as N))")]
    public void Most_transformations_are_unknown(string apply) => Refuses(apply, instead: "groupby((Name),aggregate($count as N))");

    /// <summary>Worked around in <see cref="ApplyText"/> and <see cref="ExpressionText"/>.</summary>
    [Theory]
    [InlineData("GROUPBY((Name))", "groupby((Name))")]
    [InlineData("aggregate(Id with SUM as S)", "aggregate(Id with sum as S)")]
    [InlineData("aggregate($COUNT as N)", "aggregate($count as N)")]
    public void The_words_of_apply_are_read_in_one_case_only(string apply, string instead) => Refuses(apply, instead);

    /// <summary>3.2.1.1. Worked around in <see cref="RelatedAggregate.Read"/>.</summary>
    [Fact]
    public void Related_rows_are_not_counted() => Refuses("aggregate(Parts/$count as N)", instead: "aggregate(Parts/$count with sum as N)");

    /// <summary>3.1.1 forbids it. Refused by <see cref="ApplyNames"/>.</summary>
    [Theory]
    [InlineData("compute(1 as Name)")]
    [InlineData("compute(1 as N,2 as N)")]
    [InlineData("groupby((Name),aggregate($count as Name))")]
    public void A_name_that_is_taken_may_be_given_again(string apply) =>
        Assert.Single(Sample.Parser(("$apply", apply)).ParseApply().Transformations);

    /// <summary>Protocol 4.01, 11.2.5.3 forbids it. Refused by <see cref="Limits"/>.</summary>
    [Theory]
    [InlineData("1 as Name,2 as A")]
    [InlineData("1 as A,2 as A")]
    public void A_computed_property_may_have_a_name_that_is_taken(string compute) =>
        Assert.Equal(2, Sample.Parser(("$compute", compute)).ParseCompute().ComputedItems.Count());

    /// <summary>It is null. Therefore <see cref="Grouping"/>.</summary>
    [Fact]
    public void A_sum_of_nothing_is_0() => Assert.Equal(0, Applied("aggregate(Number with sum as S)", new Item())["S"]);

    /// <summary>It is one row. Therefore <see cref="Grouping"/>.</summary>
    [Fact]
    public void An_aggregate_of_no_rows_is_no_row() => Assert.Empty(Rows("aggregate($count as N)"));

    /// <summary>The average of 1 and 2, twice, is 3. Therefore <see cref="ApplyPipeline"/> and <see cref="Values.Convert"/>.</summary>
    [Fact]
    public void An_average_becomes_a_whole_number_beside_one() => Assert.Equal(2, Applied(
        "aggregate(Whole with average as A)/compute(A mul 2 as B)", new Item { Whole = 1 }, new Item { Whole = 2 })["B"]);

    /// <summary>Therefore <see cref="Grouping"/>, which sums in 64 bits.</summary>
    [Fact]
    public void A_sum_has_no_more_bits_than_what_it_sums() => Assert.Throws<OverflowException>(() => Applied(
        "aggregate(Whole with sum as S)", new Item { Whole = int.MaxValue }, new Item { Whole = int.MaxValue }));

    /// <summary>Both are of one day. Therefore <see cref="Values.Date"/>.</summary>
    [Fact]
    public void The_day_of_a_time_is_still_a_time() => Assert.Equal(2, Rows(
        "compute(date(At) as D)/groupby((D))", new Item(), new Item { At = new(2026, 1, 5, 23, 0, 0, DateTimeKind.Utc) }).Count);

    /// <summary>Therefore <see cref="RowShape.Shown"/>, and rows that stay entities.</summary>
    [Fact]
    public void Behind_compute_members_are_lost()
    {
        var row = Applied("compute(Id add 1 as A)", new Item { Grade = Grade.high });
        Assert.True(row.ContainsKey(nameof(Item.Name)));
        Assert.False(row.ContainsKey(nameof(Item.Grade)));
    }

    private static void Refuses(string apply, string instead)
    {
        Assert.ThrowsAny<ODataException>(() => Sample.Parser(("$apply", apply)).ParseApply());
        Assert.NotEmpty(Sample.Parser(("$apply", instead)).ParseApply().Transformations);
    }

    private static IDictionary<string, object> Applied(string apply, params Item[] items) => Assert.Single(Rows(apply, items));

    private static List<IDictionary<string, object>> Rows(string apply, params Item[] items)
    {
        var settings = new ODataQuerySettings { TimeZone = TimeZoneInfo.Utc };
        var rows = Sample.Options("$apply=" + Uri.EscapeDataString(apply)).ApplyTo(items.AsQueryable(), settings);
        return [.. rows.Cast<DynamicTypeWrapper>().AsEnumerable().Select(row => (IDictionary<string, object>)row.Values)];
    }
}
