using CsCheck;
using SupportTickets.OData.Apply;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Apply;

public sealed class ApplyTextTests
{
    [Fact]
    public void Steps_are_split_outside_of_quotes_and_parentheses()
    {
        Steps("identity", ("identity", null));
        Steps(" Filter ( Id gt 1 ) / top(2)", ("filter", " Id gt 1 "), ("top", "2"));
        Steps(
            "groupby((Ticket/Status),aggregate($count as N))/topcount(2,N)", ("groupby", "(Ticket/Status),aggregate($count as N)"),
            ("topcount", "2,N"));
        Steps("filter(Title eq 'a/b)''(c')/top(1)", ("filter", "Title eq 'a/b)''(c'"), ("top", "1"));
        Steps("search(\"a)\\\"/b\")/skip(1)", ("search", "\"a)\\\"/b\""), ("skip", "1"));
        Steps("filter(Id in [1,2])/My.Own(3)", ("filter", "Id in [1,2]"), ("my.own", "3"));
    }

    [Fact]
    public void What_is_no_sequence_of_steps_is_refused()
    {
        foreach (var text in new[]
        {
            "",
            "/",
            "top(1)/",
            "/top(1)",
            "top(1",
            "top 1)",
            "top(1))",
            "filter(a)b",
            "filter(a)(b)",
            "(a)",
            "'a'",
            "filter('a)",
            "search(\"a)",
            "filter(a]b",
            "top[1]",
            "ü(1)",
            "top(1)//top(2)",
        })
            Assert.Equal(400, Assert.Throws<FeedException>(() => ApplyText.Steps(text)).Error.Status);
    }

    [Fact]
    public void What_is_joined_splits_into_its_parts_again()
    {
        var plain = Gen.OneOf("Id gt 1", "N", "", " ", "$count as N", "a b", "1");
        var quoted = Gen.OneOf("'/'", "','", "')'", "'('", "''''", "\"(/,\"", "\"\\\"\"");
        var leaf = Gen.OneOf(plain, quoted);
        var nested = leaf.Select(leaf, leaf, (a, b, c) => $"{a}({b}/{c},x){a}");
        var part = Gen.OneOf(leaf, nested, nested.Select(leaf, (a, b) => $"{b}[{a},y]"));
        Gen.Select(part.List[1, 6], Gen.OneOf('/', ',')).ForSamples((parts, separator) =>
            Assert.Equal(parts, SeparatedText.Split(string.Join(separator, parts), separator)));
    }

    [Fact]
    public void Any_text_is_split_or_refused()
    {
        Gen.OneOf('(', ')', '[', ']', '\'', '"', '\\', '/', ',', 'a', ' ').Array[0, 30].ForSamples(characters =>
        {
            var text = new string(characters);
            try
            {
                Assert.Equal(text, string.Join('/', SeparatedText.Split(text, '/')));
                _ = ApplyText.Steps(text);
            }
            catch (FeedException refused)
            {
                Assert.Equal(400, refused.Error.Status);
            }
        });
    }

    private static void Steps(string text, params (string Name, string? Arguments)[] expected) =>
        Assert.Equal(expected, ApplyText.Steps(text).Select(step => (step.Name, step.Arguments)));
}
