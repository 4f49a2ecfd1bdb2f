using Markdig;

namespace SupportTickets.Core;

/// <summary>The words of a piece of Markdown, without its signs, for previews. The piece may begin and end anywhere.</summary>
public static class MarkdownText
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().Build();

    /// <summary>
    /// The text without the signs of headings, quotes, lists, rules, tables and emphasis; of links and images only their text is left.
    /// For short texts only: the time it takes is not linear. A piece that is nested too deep stays as it is.
    /// </summary>
    public static string Plain(string text)
    {
        try
        {
            return Markdown.ToPlainText(text, Pipeline);
        }
        catch (ArgumentException)
        {
            return text; // Markdig's limit of nesting, 128 levels
        }
    }
}
