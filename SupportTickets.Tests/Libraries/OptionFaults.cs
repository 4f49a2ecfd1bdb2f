using Microsoft.AspNetCore.OData.Query.Validator;
using Microsoft.OData;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;

namespace SupportTickets.Tests.Libraries;

/// <summary>
/// What the OData libraries do wrong with addresses and their options. A test that fails says that the library was mended: look at the code
/// that the test names, it can go or be simplified.
/// </summary>
public sealed class OptionFaults
{
    /// <summary>URL Conventions 4.01, 5.1.8. Worked around in <see cref="SearchText"/>.</summary>
    [Theory]
    [InlineData("printer7")]
    [InlineData("a-b")]
    [InlineData("mail@example.com")]
    [InlineData("'printer'")]
    public void Words_of_a_search_are_letters_only(string search)
    {
        Assert.ThrowsAny<ODataException>(() => Sample.Parser(("$search", search)).ParseSearch());
        Assert.NotNull(Sample.Parser(("$search", $"\"{search}\"")).ParseSearch());
    }

    /// <summary>ABNF, booleanValue. Worked around in <see cref="OptionNames"/>.</summary>
    [Fact]
    public void Count_is_read_in_one_case_only()
    {
        Assert.ThrowsAny<ODataException>(() => Sample.Parser(("$count", "TRUE")).ParseCount());
        Assert.True(Sample.Parser(("$count", "true")).ParseCount());
    }

    /// <summary>Protocol 4.01, 11.2.6.1.3. Worked around in <see cref="ParameterAliases"/>.</summary>
    [Theory]
    [InlineData("Id in @p", "[1,2]")]
    [InlineData("Id in @p", "(1,2)")]
    [InlineData("Price eq @p", "1.5")]
    public void The_value_of_an_alias_does_not_mean_what_it_means_in_place(string filter, string value)
    {
        Assert.ThrowsAny<Exception>(() => Sample.Parser(("$filter", filter), ("@p", value)).ParseFilter());
        Assert.NotNull(Sample.Filter(filter.Replace("@p", value, StringComparison.Ordinal)));
    }

    /// <summary>Refused by <see cref="FeedUrl.IsPath"/>.</summary>
    [Theory]
    [InlineData("Items//1")]
    [InlineData("Items(1)//Name")]
    public void An_empty_segment_is_read_over(string path)
    {
        var meant = Sample.Path(path.Replace("//", "/", StringComparison.Ordinal));
        Assert.Equal(meant.Select(segment => segment.GetType()), Sample.Path(path).Select(segment => segment.GetType()));
    }

    /// <summary>Worked around in <see cref="FeedRequest"/>.</summary>
    [Fact]
    public void The_root_without_its_slash_is_no_address_of_the_service()
    {
        var parser = new ODataUriParser(Sample.Model, Sample.Root, new("http://localhost/odata"), Sample.Services);
        Assert.ThrowsAny<ODataException>(parser.ParsePath);
    }

    /// <summary>Protocol 4.01, conformance to Minimal, 9.6. Worked around in <see cref="PlainPath"/>.</summary>
    [Fact]
    public void An_alias_for_a_key_stays_an_alias()
    {
        var key = Sample.Path("Items(@key)?@key=1").OfType<KeySegment>().Single().Keys.Single();
        Assert.IsNotType<int>(key.Value);
    }

    /// <summary>URL Conventions 4.01, 4.3.4. Worked around in <see cref="PlainPath"/>.</summary>
    [Fact]
    public void An_entity_is_not_found_by_its_id() => Assert.ThrowsAny<ODataException>(() => Sample.Path("$entity?$id=Items(1)"));

    /// <summary>URL Conventions 4.01, 4.12. Worked around in <see cref="PlainPath"/>.</summary>
    [Fact]
    public void A_filter_in_a_path_filters_nothing()
    {
        var options = Sample.Options("", "Items/$filter(Id gt 1)");
        Assert.Contains(options.Context.Path, segment => segment is FilterSegment);
        var found = (IQueryable<Item>)options.ApplyTo(new[] { new Item { Id = 1 }, new Item { Id = 2 } }.AsQueryable());
        Assert.Equal(2, found.Count());
    }

    /// <summary>Therefore <see cref="FeedSearch"/> before anything of the library.</summary>
    [Fact]
    public void A_search_that_nobody_binds_finds_everything() =>
        Assert.Single((IQueryable<Item>)Sample.Options("$search=nothing").ApplyTo(new[] { new Item() }.AsQueryable()));

    /// <summary>Refused by <see cref="Limits"/>.</summary>
    [Theory]
    [InlineData("$expand=Parts($search=nothing)")]
    [InlineData("$expand=Parts($apply=filter(Size gt 9))")]
    public void In_expand_search_and_apply_are_passed_over(string query)
    {
        var item = new Item { Parts = [new() { Size = 1 }] };
        Assert.Single(Sample.Expanded(query, item));
    }

    /// <summary>Counted by <see cref="Limits"/>.</summary>
    [Theory]
    [InlineData("$compute=Id mul 2 as A,Id mul 3 as B,Id mul 4 as C")]
    [InlineData("$apply=filter(Id gt 1 and Id gt 2 and Id gt 3)")]
    [InlineData("$orderby=Id mul 2 mul 3 mul 4 mul 5")]
    [InlineData("$filter=Id in (1,2,3,4,5,6,7,8,9)")]
    public void Limits_do_not_hold_everywhere(string query)
    {
        var limits = new ODataValidationSettings { MaxNodeCount = 5 };
        Sample.Options(query).Validate(limits);
        Assert.ThrowsAny<ODataException>(() => Sample.Options("$filter=Id gt 1 and Id gt 2 and Id gt 3").Validate(limits));
    }

    /// <summary>Worked around in <see cref="NestedOrderValidator"/>.</summary>
    [Fact]
    public void In_expand_a_validated_sort_key_is_a_plain_property()
    {
        Assert.Throws<NotImplementedException>(() => Sample.Options("$expand=Parts($orderby=Size mul 2)").Validate(new()));
        Sample.Options("$expand=Parts($orderby=Size)").Validate(new());
    }
}
