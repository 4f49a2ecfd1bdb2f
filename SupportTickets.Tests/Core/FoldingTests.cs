using CsCheck;
using SupportTickets.Core;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Core;

public sealed class FoldingTests
{
    /// <summary>Words of letters that are hard to fold, and of letters that are easily mistaken for them.</summary>
    public static readonly Gen<string> Word = Gen.OneOf(
        [.. "aAäÄiIİısSſßẞfﬁﬀtﬅσΣςµμΜé🔥-".EnumerateRunes().Select(rune => rune.ToString())]).Array[1, 6].Select(string.Concat);

    [Theory]
    [InlineData("Die STRASSE", "straße", "STRASSE")]
    [InlineData("Die Straße hier", "STRASSE", "Straße")]
    [InlineData("GROẞ", "groß", "GROẞ")]
    [InlineData("İstanbul", "istanbul", "İstanbul")]
    [InlineData("logın", "LOGIN", "logın")]
    [InlineData("ΟΔΟΣ", "οδος", "ΟΔΟΣ")]
    [InlineData("5 µs", "Μ", "µ")]
    [InlineData("a ﬁle", "fil", "ﬁl")]
    [InlineData("Maßstab", "s", "ß s")] // half a letter is marked whole
    [InlineData("Maßstab", "ss", "ß")]
    [InlineData("Aaa", "aa", "Aa")]
    [InlineData("café", "cafe", "")]
    [InlineData("kafe", "CAFE", "")]
    public void A_term_is_found_in_any_spelling_where_it_stands(string text, string term, string found) =>
        Assert.Equal(found, string.Join(' ', Folding.Places(text, term).Select(place => text[place.Start..place.End]).Distinct()));

    [Fact]
    public void What_is_found_is_the_term_and_every_text_that_contains_it_is_found() =>
        Gen.Select(Word.Array[1, 4].Select(words => string.Join(' ', words)), Word).ForSamples((text, term) =>
        {
            var places = Folding.Places(text, term).ToList();
            Assert.Equal(Folding.Of(text).Contains(Folding.Of(term), StringComparison.Ordinal), places.Count > 0);
            Assert.Equal(places.Count > 0, Folding.Contains(text, term));
            Assert.All(places, place => Assert.Contains(Folding.Of(term), Folding.Of(text[place.Start..place.End])));
            Assert.Equal(places.OrderBy(place => place.Start), places);
            Assert.Single(Folding.Places(term, term));
        });
}
