using SupportTickets.Core;

namespace SupportTickets.Tests.Core;

public sealed class MarkdownTextTests
{
    [Theory]
    [InlineData("## What **happened**", "What happened")]
    [InlineData("> > quoted\n> more", "quoted\nmore")]
    [InlineData("- one\n* two\n+ three\n3. four", "one\ntwo\nthree\nfour")]
    [InlineData("see [the log](https://a.example/x) and ![a chart](c.png)", "see the log and a chart")]
    [InlineData("```csharp\nvar x = `y`;\n```", "var x = `y`;")]
    [InlineData("Heading\n=======\n\n---\nmore", "Heading\nmore")]
    [InlineData("*a* _b_ ***c***", "a b c")]
    [InlineData("2 * 3 * 4, worker_a, a*b, #12, -5, C++, **", "2 * 3 * 4, worker_a, a*b, #12, -5, C++, **")]
    [InlineData("<script>alert(1)</script> [x] (y)", "<script>alert(1)</script> [x] (y)")]
    public void The_signs_go_and_the_words_stay(string markdown, string words) =>
        Assert.Equal(words, MarkdownText.Plain(markdown).TrimEnd('\n'));

    [Fact]
    public void What_is_nested_too_deep_stays_as_it_is()
    {
        var deep = new string('>', 400) + " deep";
        Assert.Equal(deep, MarkdownText.Plain(deep));
    }
}
