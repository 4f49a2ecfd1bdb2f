using CsCheck;
using SupportTickets.Core;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Triage;

namespace SupportTickets.Tests.Triage;

public sealed class FallbackTitleTests
{
    private const string Nothing = "Support request";

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String,
        Gen.OneOf("a", "word", " ", ".", "!", "?", ";", ":", "\"", "'", "`", "\n", "\u00a0", "🔥", "中", ",")
            .Array[0, 120]
            .Select(string.Concat));

    [Theory]
    [InlineData("Help", "Help")]
    [InlineData("First sentence here. Second sentence.", "First sentence here")]
    [InlineData("Why is it slow? It was fast.", "Why is it slow")]
    [InlineData("See https://example.com/a.b?c=d. Then more", "See https://example.com/a.b?c=d")]
    [InlineData("Line one.\n\nLine two", "Line one")]
    [InlineData("One.\u00a0Two", "One")]
    [InlineData("Line\r\none\t\ttwo", "Line one two")]
    [InlineData("The page is broken... !?", "The page is broken")]
    [InlineData("\"Quoted text\".", "Quoted text\"")]
    [InlineData("'Quoted text'", "Quoted text")]
    [InlineData("`code` fails", "code` fails")]
    [InlineData("Broken, ", "Broken,")]
    [InlineData("!?.,;:", "!?.,")]
    [InlineData("... broken page", Nothing)]
    [InlineData("\"''`", Nothing)]
    [InlineData(" \n\u3000 ", Nothing)]
    [InlineData("", Nothing)]
    public void The_first_sentence_is_tidied_as_recorded(string description, string title) =>
        Assert.Equal(title, FallbackTitle.From(description));

    [Fact]
    public void A_long_sentence_is_cut_between_code_points_and_loses_the_space_at_the_cut()
    {
        Assert.Equal(new string('a', 60), FallbackTitle.From(new string('a', 61)));
        Assert.Equal(new string('a', 59), FallbackTitle.From(new string('a', 59) + " bbb"));
        Assert.Equal(new string('a', 59) + ".", FallbackTitle.From(new string('a', 59) + ".bbb"));
        Assert.Equal(string.Concat(Enumerable.Repeat("🔥", 60)), FallbackTitle.From(string.Concat(Enumerable.Repeat("🔥", 61))));
    }

    [Fact]
    public void A_suggested_title_is_tidied_the_same_way_but_keeps_its_sentences_and_may_be_longer()
    {
        Assert.Equal("One. Two", FallbackTitle.Normalise(" \"One.\n Two.\" "));
        Assert.Equal(new string('a', 120), FallbackTitle.Normalise(new string('a', 121)));
        Assert.Equal(Nothing, FallbackTitle.Normalise("\"\""));
    }

    [Fact]
    public void Every_title_is_one_that_a_ticket_can_have() => Text.Where(t => !t.Contains('\0')).ForSamples(text =>
    {
        foreach (var (title, max) in new[]
        {
            (FallbackTitle.From(text), FallbackTitle.MaxLength),
            (FallbackTitle.Normalise(text), FallbackTitle.MaxSuggestedLength),
        })
        {
            Assert.InRange(TextRules.CodePoints(title), 1, max);
            Assert.Equal(title.Trim(), title);
            Assert.DoesNotContain('\n', title);
        }
    });

    [Fact]
    public void A_title_of_words_is_left_alone() => Gen.Char["abcdefgäöü中"].Array[1, 8]
        .Select(c => new string(c)).Array[1, 6].ForSamples(words =>
    {
        var title = string.Join(' ', words);
        Assert.Equal(title, FallbackTitle.From($"  {string.Join("\n ", words)}. And more. "));
        Assert.Equal(title, FallbackTitle.Normalise($"\"{title}.\""));
    });
}
