using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Request;

namespace SupportTickets.Tests.Libraries;

#pragma warning disable CS0618 // Edm.Date and Edm.TimeOfDay, which one of these is about.

/// <summary>
/// What the parser of Microsoft.OData.Core does wrong with expressions (OData URL Conventions 4.01, 5.1.1). A test that fails says that the
/// library was mended: look at the code that the test names, it can go or be simplified.
/// </summary>
public sealed class ExpressionParserFaults
{
    /// <summary>5.1.1.2.7. Worked around in <see cref="ExpressionText"/>.</summary>
    [Fact]
    public void Divby_is_unknown() => Sample.Refuses("Whole divby 2 gt 1", instead: "Whole div 2 gt 1");

    /// <summary>5.1.1.12.1. Worked around in <see cref="ExpressionText"/>, bound by <see cref="CaseFunction"/>.</summary>
    [Fact]
    public void Case_is_unknown() => Sample.Refuses("case(Whole gt 1:'a',true:'b') eq 'a'", instead: "concat('a','b') eq 'a'");

    /// <summary>4.01 has names and literals of the language in any case. Worked around in <see cref="ExpressionText"/>.</summary>
    [Theory]
    [InlineData("Sure eq TRUE", "Sure eq true")]
    [InlineData("Note eq NULL", "Note eq null")]
    [InlineData("$IT/Id eq 1", "$it/Id eq 1")]
    [InlineData("Id IN (1)", "Id in (1)")]
    [InlineData("At gt 2026-01-05t00:00:00Z", "At gt 2026-01-05T00:00:00Z")]
    public void Some_words_and_literals_are_read_in_one_case_only(string filter, string instead) => Sample.Refuses(filter, instead);

    /// <summary>
    /// 4.01 has durations without <c>duration</c> in front. Worked around in <see cref="Resolver"/>, and <see cref="ExpressionText"/> for
    /// the function.
    /// </summary>
    [Theory]
    [InlineData("Lasts gt 'PT1H'", "Lasts gt duration'PT1H'")]
    [InlineData("At add 'PT1H' gt At", "At add duration'PT1H' gt At")]
    [InlineData("totalseconds('PT1H') gt 1", "totalseconds(duration'PT1H') gt 1")]
    public void Durations_need_their_prefix(string filter, string instead) => Sample.Refuses(filter, instead);

    /// <summary>5.1.1.2. Worked around in <see cref="Resolver"/>.</summary>
    [Theory]
    [InlineData("duration'PT1H' mul 2 gt Lasts")]
    [InlineData("2 mul duration'PT1H' gt Lasts")]
    [InlineData("duration'PT1H' div 2 gt Lasts")]
    public void Durations_cannot_be_multiplied_or_divided(string filter) => Sample.Refuses(filter, instead: "duration'PT1H' gt Lasts");

    /// <summary>5.1.1.11.1 promotes decimals. Worked around in <see cref="Resolver"/>.</summary>
    [Theory]
    [InlineData("Price gt Ratio", "Price gt Whole")]
    [InlineData("Ratio gt 1M", "Ratio gt 1")]
    [InlineData("Price add Ratio gt 1", "Price add Whole gt 1")]
    public void Decimals_and_doubles_do_not_go_together(string filter, string instead) => Sample.Refuses(filter, instead);

    /// <summary>5.1.1.1: null can be compared with everything. Worked around in <see cref="Resolver"/>.</summary>
    [Theory]
    [InlineData("Grade gt null", "Grade eq null")]
    [InlineData("At sub null gt Lasts", "At sub At gt Lasts")]
    public void Null_is_refused_beside_members_and_times(string filter, string instead) => Sample.Refuses(filter, instead);

    /// <summary>4.01 has members without their type wherever it is clear. Worked around in <see cref="Resolver"/>.</summary>
    [Fact]
    public void Members_without_their_type_can_only_be_equal() => Sample.Refuses("Grade gt 'low'", instead: "Grade eq 'low'");

    /// <summary>Refused by <see cref="Values"/>.</summary>
    [Fact]
    public void A_number_that_no_member_has_is_taken_for_a_member()
    {
        var comparison = (BinaryOperatorNode)Sample.Filter("Grade eq Sample.Grade'99'");
        Assert.Equal("99", ((ODataEnumValue)((ConstantNode)comparison.Right).Value).Value);
    }

    /// <summary>
    /// 5.1.1.1.11: items are literals. The library reads them as JSON of the type on the left. Worked around in
    /// <see cref="ExpressionText"/>, <see cref="ExtendedOperators"/> and <see cref="ListItems"/>.
    /// </summary>
    [Theory]
    [InlineData("Whole in (7.0)", "Whole eq 7.0")]
    [InlineData("Whole in (7.5)", "Whole eq 7.5")]
    [InlineData("Whole in (7,null)", "Whole eq 7 or Whole eq null")]
    [InlineData("Ratio in (1.5,INF)", "Ratio eq 1.5 or Ratio eq INF")]
    [InlineData("Day in (2026-01-05T00:00:00Z)", "Day eq 2026-01-05T00:00:00Z")]
    public void Items_of_a_list_are_not_read_as_literals(string filter, string instead) => Sample.Refuses(filter, instead);

    /// <summary>5.1.1.10.1. Worked around in <see cref="ExpressionText"/> and <see cref="ExtendedOperators"/>.</summary>
    [Theory]
    [InlineData("cast(Grade,Edm.Int32) gt 1")]
    [InlineData("cast(Whole,Sample.Grade) eq Sample.Grade'low'")]
    public void Members_and_numbers_are_not_cast_to_each_other(string filter) =>
        Sample.Refuses(filter, instead: "cast(Grade,Edm.String) eq 'low'");

    /// <summary>2.1 + 1 is then 3.0999999. Worked around in <see cref="Values"/>.</summary>
    [Fact]
    public void Short_fractions_are_singles()
    {
        Assert.IsType<float>(ODataUriUtils.ConvertFromUriLiteral("2.1", ODataVersion.V401));
        Assert.Empty(Sample.Found("Ratio eq 2.1 add 1", new Item { Ratio = 3.1 }));
    }

    /// <summary>
    /// The library itself calls them obsolete, and its writer takes those of .NET. <see cref="Values"/> and <see cref="ListItems"/> turn
    /// one into the other.
    /// </summary>
    [Fact]
    public void Days_and_times_of_day_are_of_obsolete_types()
    {
        Assert.IsType<Date>(ODataUriUtils.ConvertFromUriLiteral("2026-01-05", ODataVersion.V401));
        Assert.IsType<TimeOfDay>(ODataUriUtils.ConvertFromUriLiteral("10:00:00", ODataVersion.V401));
    }

    /// <summary>Its own type is known when rows are bound. Worked around in <see cref="Values"/> and <see cref="Resolver"/>.</summary>
    [Theory]
    [InlineData("Ratio mul 2 as Name1", "Name1 gt 3", "Edm.Int32")]
    [InlineData("Grade as Name1", "Name1 gt 'low'", "Edm.String")]
    public void A_computed_name_is_given_the_type_of_the_other_operand(string compute, string filter, string type)
    {
        var parser = Sample.Parser(("$compute", compute), ("$filter", filter));
        parser.ParseCompute();
        var comparison = (BinaryOperatorNode)parser.ParseFilter().Expression;
        Assert.Equal(type, Assert.IsType<ConvertNode>(comparison.Left).TypeReference.FullName());
    }

    /// <summary>Worked around in <see cref="Resolver"/>.</summary>
    [Fact]
    public void A_computed_name_cannot_be_subtracted_from_a_time()
    {
        var parser = Sample.Parser(("$compute", "Until as Name1"), ("$filter", "At sub Name1 gt duration'PT1H'"));
        parser.ParseCompute();
        Assert.ThrowsAny<ODataException>(parser.ParseFilter);
    }
}
