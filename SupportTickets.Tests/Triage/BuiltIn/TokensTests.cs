using SupportTickets.Triage.BuiltIn;

namespace SupportTickets.Tests.Triage.BuiltIn;

public sealed class TokensTests
{
    [Theory]
    [InlineData("Rückerstattung", "ruckerstattung")]
    [InlineData("Ru\u0308ckerstattung", "ruckerstattung")]
    [InlineData("Ruckerstattung", "ruckerstattung")]
    [InlineData("Straße MAÑANA œuvre", "strasse manana oeuvre")]
    [InlineData("don't l’erreur", "dont lerreur")]
    [InlineData("1,200 customers, 1.200.000 Kunden, 3,5 and 500!", "#4 customers #7 kunden #1 #1 and #3")]
    [InlineData("see https://example.com/a?b=c or ask ada@example.com.", "see :// or ask @")]
    [InlineData("退款 ok", "退 款 ok")]
    [InlineData("!!! ... 😀", "")]
    public void Words_are_the_same_in_every_spelling(string text, string words) =>
        Assert.Equal(words, string.Join(' ', Tokens.Of(text)));

    [Fact]
    public void Only_the_beginning_is_read() => Assert.Equal(4000, Tokens.Of(string.Concat(Enumerable.Repeat("a ", 1_000_000))).Count);
}
