using AngleSharp.Dom;
using Ganss.Xss;
using Markdig;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Html;

namespace SupportTickets.Pages.Shared;

/// <summary>
/// Renders a person's text as Markdown (CommonMark 0.31.2) that can neither run nor load anything: paragraphs with their line
/// breaks, headings, emphasis, lists, quotes, tables, code and links; "#12" leads to that ticket. HTML and entities are shown as
/// typed. Headings begin two levels below those of the page.
/// </summary>
public static class SafeMarkdown
{
    /// <summary>
    /// The longest text that is rendered, in UTF-16 units: a log of some hundred lines is shorter, and the cost of a hostile text
    /// is limited.
    /// </summary>
    public const int MaxLength = 20_000;

    /// <summary>The longest quote that is not folded, in UTF-16 units: about three lines.</summary>
    private const int MaxQuote = 300;

    private const int LevelsOfPage = 2;

    private const string LinkRelation = "nofollow noopener noreferrer";

    private static readonly MarkdownPipeline Pipeline = BuildPipeline();
    private static readonly HtmlSanitizer Sanitizer = BuildSanitizer();

    /// <summary>Renders a text.</summary>
    /// <returns>HTML to put into a page; null when the text is longer than <see cref="MaxLength"/> or nested too deep, and must be
    /// shown plain.</returns>
    public static IHtmlContent? Render(string text)
    {
        if (text.Length > MaxLength)
            return null;
        try
        {
            var document = Markdown.Parse(text, Pipeline);
            ShowImagesAsLinks(document);
            foreach (var heading in document.Descendants<HeadingBlock>()) heading.Level = Math.Min(heading.Level + LevelsOfPage, 6);
            return new HtmlString(Sanitizer.Sanitize(document.ToHtml(Pipeline)));
        }
        catch (ArgumentException)
        {
            // Markdig throws this when its limit of nesting, 128 levels, is exceeded.
            return null;
        }
    }

    private static MarkdownPipeline BuildPipeline()
    {
        var builder = new MarkdownPipelineBuilder().DisableHtml().UseSoftlineBreakAsHardlineBreak().UseAutoLinks().UsePipeTables();
        // In mail, a line of dashes below a text ends it and makes no heading of it.
        builder.BlockParsers.Find<ParagraphBlockParser>()!.ParseSetextHeadings = false;
        builder.InlineParsers.Insert(0, new TicketNumberParser());
        // A person who writes &lt; means these four characters.
        builder.InlineParsers.TryRemove<HtmlEntityParser>();
        return builder.Build();
    }

    // The input was made by Markdig from text. This list protects even if Markdig lets something through.
    private static HtmlSanitizer BuildSanitizer()
    {
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>
            {
                "p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "a",
                "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
            },
            AllowedAttributes = new HashSet<string> { "href", "start" },
            UriAttributes = new HashSet<string> { "href" },
            AllowedSchemes = new HashSet<string> { "http", "https", "mailto" },
        });
        sanitizer.PostProcessDom += (_, e) =>
        {
            foreach (var link in e.Document.QuerySelectorAll("a"))
            {
                if (link.HasAttribute("href"))
                    link.SetAttribute("rel", LinkRelation);
                else
                    link.Replace([.. link.ChildNodes]);
            }
            foreach (var quote in e.Document.QuerySelectorAll("blockquote").Where(IsLongQuote).ToList()) Fold(quote);
        };
        return sanitizer;
    }

    // A quote in a quote goes with it.
    private static bool IsLongQuote(IElement quote) =>
        quote.ParentElement?.Closest("blockquote") is null && quote.TextContent.Length > MaxQuote;

    // Added after the check, so it is no tag that a text could bring.
    private static void Fold(IElement quote)
    {
        var (details, summary) = (quote.Owner!.CreateElement("details"), quote.Owner.CreateElement("summary"));
        summary.TextContent = "Quoted text";
        quote.Replace(details);
        details.Append(summary, quote);
    }

    // An image would send a request to another host as soon as the page is open; a link does so only when somebody follows it.
    private static void ShowImagesAsLinks(MarkdownDocument document)
    {
        foreach (var image in document.Descendants<LinkInline>().Where(link => link.IsImage).ToList())
        {
            if (image.FirstChild is null)
                image.AppendChild(new LiteralInline(image.Url ?? ""));
            if (IsInLink(image))
                image.ReplaceBy(new ContainerInline());
            else
                image.IsImage = false;
        }
    }

    private static bool IsInLink(LinkInline image)
    {
        for (var outer = image.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is LinkInline) return true;
        }
        return false;
    }
}
