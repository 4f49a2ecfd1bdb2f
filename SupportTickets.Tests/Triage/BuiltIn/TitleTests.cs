using SupportTickets.Triage.BuiltIn;

namespace SupportTickets.Tests.Triage.BuiltIn;

public sealed class TitleTests
{
    [Theory]
    [InlineData("Hi team, the export to CSV fails with error 500. Can you help?", "the export to CSV fails with error 500")]
    [InlineData("Hello!\n\nThe printer in room 4 is on fire.\nRegards\nAnna", "The printer in room 4 is on fire")]
    [InlineData("From: Anna\nSubject: help\n> old text that was quoted\nI cannot sign in any more.", "I cannot sign in any more")]
    [InlineData("Help!", "Help")]
    [InlineData("...", "Support request")]
    [InlineData("Sehr geehrte Damen und Herren,\nich kann mich nicht anmelden.", "ich kann mich nicht anmelden")]
    public void A_title_is_the_first_sentence_that_says_something(string text, string title) =>
        Assert.Equal(title, TitlePicker.Pick(text, _ => 0.5));

    [Fact]
    public void The_sentence_of_which_the_model_is_surer_wins() =>
        Assert.Equal(
            "My card was charged twice",
            TitlePicker.Pick("I hope you are having a good week. My card was charged twice.", s => s.Contains("card") ? 0.9 : 0.3));

    [Fact]
    public void A_long_sentence_ends_with_a_whole_word()
    {
        var title = TitlePicker.Pick(string.Join(' ', Enumerable.Repeat("Schnittstelle", 20)), _ => 0.5);
        Assert.Equal("Schnittstelle Schnittstelle Schnittstelle Schnittstelle Schnittstelle", title);
        Assert.Equal(TitlePicker.MaxLength, TitlePicker.Pick($"{new string('x', 200)} and more of it", _ => 0.5).Length);
    }
}
