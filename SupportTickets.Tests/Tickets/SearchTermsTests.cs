using CsCheck;
using SupportTickets.Core;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets.Search;

namespace SupportTickets.Tests.Tickets;

public sealed class SearchTermsTests
{
    private const string Letters = "abcäß中🔥-_%:.<>";

    private static readonly Gen<string> Word = Gen.OneOf([.. Letters.EnumerateRunes().Select(r => r.ToString())])
        .Array[1, 6]
        .Select(string.Concat);

    private static readonly Gen<string> Hostile = Gen.OneOf(
        Gen.String, Gen.OneOf("\"", "'", "\\", ",", " ", "a", "\t", "\u3000").Array[0, 40].Select(string.Concat));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\u3000\n")]
    [InlineData(",,,")]
    [InlineData("\"")]
    [InlineData("\"\"")]
    [InlineData("'' \"\" ,")]
    [InlineData("login", "login")]
    [InlineData("login users", "login", "users")]
    [InlineData("login,users", "login", "users")]
    [InlineData(" login ,\tusers\u3000now ", "login", "users", "now")]
    [InlineData("login login LOGIN", "login", "LOGIN")]
    [InlineData("\"exact phrase\" word", "exact phrase", "word")]
    [InlineData("'exact phrase'", "exact phrase")]
    [InlineData("\"a, b\",c", "\"a", "b\"", "c")]
    [InlineData("\"a, b\", c", "a, b", "c")]
    [InlineData("\"exact phrase", "\"exact", "phrase")]
    [InlineData("\"exact phrase'", "\"exact", "phrase'")]
    [InlineData("title:\"exact phrase\"", "title:\"exact phrase\"")]
    [InlineData("\"with \\\"quotes\\\" inside\"", "with \"quotes\" inside")]
    [InlineData("\"back\\\\slash\"", "back\\slash")]
    [InlineData("C:\\temp %_", "C:\\temp", "%_")]
    [InlineData("it's", "it's")]
    public void A_search_is_taken_apart_as_recorded(string? search, params string[] terms) =>
        Assert.Equal(terms, SearchTerms.Parse(search).Value.Terms);

    [Fact]
    public void A_search_with_a_null_character_or_too_many_terms_is_refused()
    {
        Assert.Equal(FieldErrorCode.NullCharacter, Error("a\0b").Code);
        Assert.Equal(FieldErrorCode.TooLong, Error(string.Join(' ', Enumerable.Range(0, SearchTerms.MaxTerms + 1))).Code);
        Assert.Equal(
            SearchTerms.MaxTerms, SearchTerms.Parse(string.Join(' ', Enumerable.Range(0, SearchTerms.MaxTerms))).Value.Terms.Count);

        static FieldError Error(string search) => Assert.Single(Assert.IsType<InvalidInput>(SearchTerms.Parse(search).Problem).Errors);
    }

    [Fact]
    public void Words_come_out_in_order_and_once_whatever_stands_between_them() =>
        Gen.Select(Word.Array[0, SearchTerms.MaxTerms], Gen.OneOf(" ", ",", ", ", "\t", " , ", "\u3000", ",,"))
            .ForSamples((words, between) => Assert.Equal(words.Distinct(), SearchTerms.Parse(string.Join(between, words)).Value.Terms));

    [Fact]
    public void Any_text_in_quotes_is_one_phrase() =>
        Gen.Select(Hostile, Gen.OneOf('"', '\''))
            .Where((text, _) => text.Length > 0 && !text.Contains('\0'))
            .ForSamples(
                (text, quote) =>
                    Assert.Equal(
                        [text],
                        SearchTerms.Parse($"{quote}{text.Replace("\\", "\\\\").Replace($"{quote}", $"\\{quote}")}{quote}").Value.Terms));

    [Fact]
    public void Any_search_gives_terms_that_are_not_empty_or_is_refused() => Hostile.ForSamples(search =>
    {
        if (SearchTerms.Parse(search).Succeeded(out var terms, out _))
            Assert.All(terms.Terms, term => Assert.NotEqual("", term));
    });
}
