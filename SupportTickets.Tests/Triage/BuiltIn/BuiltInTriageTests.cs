using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using SupportTickets.Configuration;
using SupportTickets.Tickets;
using SupportTickets.Triage.BuiltIn;

namespace SupportTickets.Tests.Triage.BuiltIn;

/// <summary>The model that comes with the program, on texts of all kinds.</summary>
public sealed class BuiltInTriageTests
{
    private static readonly BuiltInTriage Shipped = new(
        ModelPath.Shipped, TriageSettings.Read(_ => null), NullLogger<BuiltInTriage>.Instance);

    [Theory]
    [InlineData("I was charged twice for my invoice in March, please refund one of the two payments.", Category.billing)]
    [InlineData("Meine Rechnung ist doppelt abgebucht worden, bitte um Rückerstattung.", Category.billing)]
    [InlineData("The export page shows error 500 since yesterday's update.", Category.technical)]
    [InlineData("L'application plante au démarrage avec une erreur.", Category.technical)]
    [InlineData("I forgot my password and the reset link does not let me sign in.", Category.account)]
    [InlineData("He olvidado mi contraseña y no puedo iniciar sesión en mi cuenta.", Category.account)]
    public void Plain_texts_get_the_category_that_anybody_would_give_them(string text, Category category) =>
        Assert.Equal(category, Shipped.Classify(text).Category.Value);

    [Fact]
    public void An_outage_is_more_urgent_than_a_wish()
    {
        var outage = Shipped.Score("Production is down", "Since 9 am nobody can work: all 400 users get an error and orders are lost.");
        var wish = Shipped.Score("Dark mode", "It would be nice to have a dark mode some day. No rush at all, thank you!");
        Assert.True(outage.UrgencyScore > wish.UrgencyScore + 30, $"{outage} {wish}");
        Assert.False(outage.IsFallback);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t ")]
    [InlineData("1234567890 42 007")]
    [InlineData("😀😡🔥👍🏽👨‍👩‍👧‍👦")]
    [InlineData("退款没有到账，请帮忙。")]
    [InlineData("Θέλω επιστροφή χρημάτων")]
    [InlineData("\ud83d half \udc00 of a pair \ud800")]
    [InlineData("!!!???...")]
    public void Whatever_is_written_gets_an_answer(string text) => Check(text);

    [Theory]
    [InlineData("")]
    [InlineData("1234567890 42 007")]
    [InlineData("😀😡🔥")]
    [InlineData("Θέλω επιστροφή χρημάτων")]
    [InlineData("Xqzzvk wrbltt")]
    public void Of_what_it_cannot_read_it_is_not_sure(string text)
    {
        var (category, priority) = Shipped.Classify(text);
        Assert.Equal((0, 0), (category.Confidence, priority.Confidence));
    }

    [Fact]
    public void A_megabyte_gets_an_answer()
    {
        Check(new string('a', 1_000_000));
        Check(string.Concat(Enumerable.Repeat("refund! \n> > ", 80_000)));
        Check(new string('́', 1_000_000));
    }

    [Fact]
    public void Random_texts_get_an_answer() => Gen.String.Sample(Check, iter: 500);

    [Fact]
    public void The_same_text_gets_the_same_answer_from_many_threads()
    {
        const string text = "Our webshop is down and customers cannot pay, please help today!";
        var expected = (Shipped.Classify(text), Shipped.Score("Down", text), Shipped.Title(text));
        Parallel.For(0, 200, _ => Assert.Equal(expected, (Shipped.Classify(text), Shipped.Score("Down", text), Shipped.Title(text))));
    }

    private static void Check(string text)
    {
        var (category, priority) = Shipped.Classify(text);
        Assert.True(Enum.IsDefined(category.Value) && Enum.IsDefined(priority.Value));
        Assert.InRange(category.Confidence, 0, 1);
        Assert.InRange(priority.Confidence, 0, 1);
        var score = Shipped.Score(text, text);
        Assert.InRange(score.UrgencyScore, 0, 100);
        Assert.True(Enum.IsDefined(score.Sentiment));
        Assert.InRange(Shipped.Title(text).EnumerateRunes().Count(), 1, TitlePicker.MaxLength);
    }
}
