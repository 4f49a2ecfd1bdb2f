using AngleSharp.Dom;
using Ganss.Xss;
using Markdig;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Html;

namespace SupportTickets.Pages.Shared;

/// <summary>
/// A person's text as Markdown (CommonMark 0.31.2) that can neither run nor load anything: paragraphs with their line breaks,
/// emphasis, lists, quotes, code and links. HTML and entities in it are text, headings too: the page has its own.
/// </summary>
public static class SafeMarkdown
{
    /// <summary>
    /// The longest text that is rendered, in UTF-16 units: a log of some hundred lines is below it, and texts made to be slow stay
    /// bounded.
    /// </summary>
    public const int MaxLength = 20_000;

    private const string LinkRelation = "nofollow noopener noreferrer";

    private static readonly MarkdownPipeline Pipeline = BuildPipeline();
    private static readonly HtmlSanitizer Sanitizer = BuildSanitizer();

    /// <summary>Renders a text.</summary>
    /// <returns>HTML to put into a page; null when the text is longer than <see cref="MaxLength"/> or nested without sense, and is
    /// to be shown plain.</returns>
    public static IHtmlContent? Render(string text)
    {
        if (text.Length > MaxLength)
            return null;
        try
        {
            var document = Markdown.Parse(text, Pipeline);
            ShowImagesAsLinks(document);
            return new HtmlString(Sanitizer.Sanitize(document.ToHtml(Pipeline)));
        }
        catch (ArgumentException)
        {
            // Markdig's way to say that its limit of nesting, 128 deep, is passed.
            return null;
        }
    }

    private static MarkdownPipeline BuildPipeline()
    {
        var builder = new MarkdownPipelineBuilder().DisableHtml().DisableHeadings().UseSoftlineBreakAsHardlineBreak().UseAutoLinks();
        // Who writes about &lt; means these four characters.
        builder.InlineParsers.TryRemove<HtmlEntityParser>();
        return builder.Build();
    }

    // What comes here was made by Markdig from text. This list holds even if Markdig lets something through.
    private static HtmlSanitizer BuildSanitizer()
    {
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string> { "p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "a" },
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
        };
        return sanitizer;
    }

    // An image asks another host as soon as the page is open; a link asks it when somebody wants to go there.
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
