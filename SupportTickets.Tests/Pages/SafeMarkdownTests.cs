using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using SupportTickets.Pages.Shared;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Pages;

/// <summary>A description as the ticket's page shows it: Markdown that can neither run nor load anything.</summary>
public sealed class SafeMarkdownTests(Browser browser)
{
    private const string Body = ".ticket-body .text";
    private const string Safe = "nofollow noopener noreferrer";

    private static readonly string[] Tags =
    [
        "P", "BR", "EM", "STRONG", "UL", "OL", "LI", "BLOCKQUOTE", "PRE", "CODE", "HR", "A", "H3", "H4", "H5", "H6",
        "TABLE", "THEAD", "TBODY", "TR", "TH", "TD",
    ];

    private static readonly string[] Schemes = ["http:", "https:", "mailto:"];

    // Everything known that makes a page of HTML or Markdown run something or ask somebody.
    private static readonly string[] Hostile =
    [
        "<script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "text\n\n<script src=https://evil.example/x.js></script>\n\ntext",
        "<img src=x onerror=alert(1)>",
        "<img src=\"https://evil.example/p.png\">",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<svg><use href=\"https://evil.example/x.svg#a\"/></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<iframe src=\"javascript:alert(1)\"></iframe>",
        "<iframe srcdoc=\"<script>alert(1)</script>\">",
        "<object data=\"data:text/html,<script>alert(1)</script>\"></object>",
        "<link rel=stylesheet href=https://evil.example/x.css>",
        "<style>@import 'https://evil.example/x.css'; * { display: none }</style>",
        "<base href=https://evil.example/>",
        "<meta http-equiv=refresh content=\"0;url=https://evil.example/\">",
        "<form action=https://evil.example/><button>Sign in</button></form>",
        "<a href=\"javascript:alert(1)\" onclick=alert(1)>x</a>",
        "<details open ontoggle=alert(1)>",
        "<b style=\"background:url(https://evil.example/)\" class=skip id=main>x</b>",
        "<div unclosed onmouseover=alert(1)",
        "</div></section></article></main><script>alert(1)</script>",
        "<!-- --><script>alert(1)</script><!-- -->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?php echo 1 ?><!DOCTYPE html>",
        "&lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x onerror=alert(1)&#62;",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](<java\tscript:alert(1)>)",
        "[x](< javascript:alert(1)>)",
        "[x](<\u0001javascript:alert(1)>)",
        "[x](java&#115;cript:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x61lert(1))",
        "[x](java&NewLine;script:alert(1))",
        "[x](java&Tab;script:alert(1))",
        "[x](\\javascript:alert(1))",
        "[x](javascript\\:alert(1))",
        "[x](javascript://evil.example/%0Aalert(1))",
        "[x](vbscript:msgbox(1))",
        "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
        "[x](file:///etc/passwd) [y](ftp://evil.example/) [z](tel:123) [s](blob:https://evil.example/1)",
        "[x](view-source:javascript:alert(1))",
        "[x](https://a.example/\"onmouseover=\"alert(1))",
        "[x](https://a.example/ \"t\\\" onmouseover=alert(1) x=\\\"\")",
        "[x][r]\n\n[r]: javascript:alert(1) \"t\"",
        "[x][r]\n\n[r]: <data:text/html,<script>alert(1)</script>>",
        "<javascript:alert(1)>",
        "<data:text/html,x>",
        "javascript:alert(1) ftp://evil.example/x",
        "https://a.example/'onmouseover='alert(1) www.a.example/\"onclick=\"alert(1)",
        "![x](https://evil.example/p.png)",
        "![](https://evil.example/p.png)",
        "![x](javascript:alert(1))",
        "![x](data:image/svg+xml,<svg onload=alert(1)>)",
        "![\"onerror=\"alert(1)](https://evil.example/\"onerror=\"alert(1))",
        "![x][r]\n\n[r]: https://evil.example/p.png",
        "[![x](https://evil.example/p.png)](javascript:alert(1))",
        "![a ![b](https://evil.example/1) c](https://evil.example/2)",
        "[https://evil.example/](javascript:alert(1))",
        "```\"><script>alert(1)</script>\n<script>alert(1)</script>\n```",
        "`<script>alert(1)</script>`",
        "    <script>alert(1)</script>",
        "> <script>alert(1)</script>\n> - <img src=x onerror=alert(1)>",
        "*<img src=x **onerror=alert(1)>* \"'><svg/onload=alert(1)>**",
        "| <script>alert(1)</script> |\n|---|\n| x |",
        "{#main .skip onclick=alert(1)} text {onclick=alert(1)}",
    ];

    public static TheoryData<string, string> Shown => new()
    {
        { "one\ntwo", "<p>one<br>two</p>" },
        { "one\n\ntwo", "<p>one</p><p>two</p>" },
        { "- a\n- *b* and **c**", "<ul><li>a</li><li><em>b</em> and <strong>c</strong></li></ul>" },
        { "3. a\n4. b", "<ol start=\"3\"><li>a</li><li>b</li></ol>" },
        { "> said", "<blockquote><p>said</p></blockquote>" },
        { $"> {new string('x', 301)}\n>> y",
            $"<details><summary>Quoted text</summary><blockquote><p>{new string('x', 301)}</p><blockquote><p>y</p></blockquote>"
                + "</blockquote></details>" },
        { "run `rm <x>`", "<p>run <code>rm &lt;x&gt;</code></p>" },
        { "```sql\nSELECT 1;\n  -- x\n```", "<pre><code>SELECT 1;\n  -- x\n</code></pre>" },
        { "# A heading\nbut not this\n===", "<h3>A heading</h3><p>but not this<br>===</p>" },
        { "##### Far below", "<h6>Far below</h6>" },
        { "| a | b |\n|---|---|\n| 1 | 2 |",
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>" },
        { "As in #12, (#7) and #3.", $"<p>As in {Number(12)}, ({Number(7)}) and {Number(3)}.</p>" },
        { "a#1 #0 #1x #1234567890 `#5` &#65; https://a.example/#9", "<p>a#1 #0 #1x #1234567890 <code>#5</code> &amp;#65; "
            + $"<a href=\"https://a.example/#9\" rel=\"{Safe}\">https://a.example/#9</a></p>" },
        { "&lt; &amp; <b>", "<p>&amp;lt; &amp;amp; &lt;b&gt;</p>" },
        { "[a](https://a.example/b?c=1&d=2)", $"<p><a href=\"https://a.example/b?c=1&amp;d=2\" rel=\"{Safe}\">a</a></p>" },
        { "see https://a.example/b.", $"<p>see <a href=\"https://a.example/b\" rel=\"{Safe}\">https://a.example/b</a>.</p>" },
        { "<me@a.example>", $"<p><a href=\"mailto:me@a.example\" rel=\"{Safe}\">me@a.example</a></p>" },
        { "[a](/tickets/1 \"t\")", $"<p><a href=\"/tickets/1\" rel=\"{Safe}\">a</a></p>" },
        { "![a *cat*](https://a.example/c.png)", $"<p><a href=\"https://a.example/c.png\" rel=\"{Safe}\">a <em>cat</em></a></p>" },
        { "![](https://a.example/c.png)", $"<p><a href=\"https://a.example/c.png\" rel=\"{Safe}\">https://a.example/c.png</a></p>" },
        { "[![cat](https://a.example/c.png)](https://b.example/)", $"<p><a href=\"https://b.example/\" rel=\"{Safe}\">cat</a></p>" },
        { "[a](javascript:alert(1)) b", "<p>a b</p>" },
        { "a\n\n---\n\nb", "<p>a</p><hr><p>b</p>" },
    };

    private static string Number(int id) => $"<a href=\"/tickets/{id}\" rel=\"{Safe}\">#{id}</a>";

    [Theory]
    [MemberData(nameof(Shown))]
    public void Markdown_is_shown_as_it_is_meant(string text, string html) =>
        Assert.Equal(html, Regex.Replace(SafeMarkdown.Render(text)!.ToString()!, "(?<=<br>)\n|(?<=>)\n(?=<)", "").Trim());

    [Fact]
    public async Task Nothing_in_a_hostile_description_can_run_or_load()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        foreach (var text in Hostile.Append(string.Join("\n\n", Hostile)))
        {
            var page = await site.GetAsync($"/tickets/{(await desk.AddTicketAsync("A title", text)).Id}");
            Assert.Equal(HttpStatusCode.OK, page.Status);
            var problems = page.Document.QuerySelector(Body)!.QuerySelectorAll("*").SelectMany(Problems).ToList();
            Assert.True(problems.Count == 0, $"{text}\n{string.Join('\n', problems)}");
            // Nothing got out of its place either.
            Assert.Equal(4, page.Document.QuerySelectorAll("article.ticket section").Length);
            Assert.Single(page.Document.QuerySelectorAll(Body + ".rendered"));
        }
    }

    [Fact]
    public async Task A_browser_runs_nothing_of_it_and_asks_no_other_host()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        var id = (await desk.AddTicketAsync("A title", string.Join("\n\n", Hostile))).Id;
        await using var reader = await browser.OpenAsync(desk.Address);
        var dialogs = 0;
        reader.Page.Dialog += (_, dialog) =>
        {
            dialogs++;
            _ = dialog.DismissAsync();
        };
        await reader.Page.GotoAsync($"/tickets/{id}", new() { WaitUntil = Microsoft.Playwright.WaitUntilState.NetworkIdle });
        // The browser's own reading of where the links lead.
        var protocols = await reader.Page.EvaluateAsync<string[]>(
            "() => [...new Set([...document.querySelectorAll('.rendered a')].map(a => a.protocol))].sort()");
        Assert.NotEmpty(protocols);
        Assert.All(protocols, protocol => Assert.Contains(protocol, Schemes));
        Assert.Equal(0, dialogs);
        Assert.Empty(reader.Complaints);
    }

    [Fact]
    public void A_text_over_the_limit_or_nested_without_sense_is_shown_plain()
    {
        Assert.NotNull(SafeMarkdown.Render(new string('x', SafeMarkdown.MaxLength)));
        Assert.Null(SafeMarkdown.Render(new string('x', SafeMarkdown.MaxLength + 1)));
        Assert.Null(SafeMarkdown.Render(new string('>', SafeMarkdown.MaxLength)));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("![")]
    [InlineData("[a](")]
    [InlineData("[a](<")]
    [InlineData("*")]
    [InlineData("*a ")]
    [InlineData("**a *b ")]
    [InlineData("_a*")]
    [InlineData("`")]
    [InlineData("` `` ")]
    [InlineData("- ")]
    [InlineData("> ")]
    [InlineData("1) ")]
    [InlineData("<")]
    [InlineData("<a ")]
    [InlineData("&")]
    [InlineData("\\")]
    [InlineData("| ")]
    [InlineData("|-|\n")]
    [InlineData("#1 ")]
    [InlineData("\n")]
    [InlineData("- \n")]
    [InlineData("[a]: b\n")]
    [InlineData("[a]: b\n[a]\n")]
    [InlineData("http://a.b ")]
    [InlineData("www.")]
    [InlineData("a@b.c ")]
    [InlineData("](")]
    [InlineData("\t")]
    public async Task A_bomb_is_shown(string seed)
    {
        var bomb = string.Concat(Enumerable.Repeat(seed, SafeMarkdown.MaxLength / seed.Length));
        // A thread pool's stack, as a request has it. The limit only ends a hang; it measures nothing.
        await Task.Run(() => SafeMarkdown.Render(bomb)).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await Task.Run(() => SafeMarkdown.Render("x" + bomb[..^1]))
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> Problems(IElement element)
    {
        if (!Tags.Contains(element.TagName))
            yield return $"<{element.TagName}>";
        foreach (var attribute in element.Attributes)
        {
            var fine = (element.TagName, attribute.Name) switch
            {
                ("A", "rel") => attribute.Value == Safe,
                // Relative, or of a scheme that only leads somewhere; browsers drop white space and control characters in it.
                ("A", "href") => new string([.. attribute.Value.Where(c => c > ' ')]) is var url
                    && (
                        !url.Split('/', '?', '#')[0].Contains(':')
                        || Schemes.Any(scheme => url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))),
                ("OL", "start") => int.TryParse(attribute.Value, out _),
                _ => false,
            };
            if (!fine) yield return $"<{element.TagName} {attribute.Name}=\"{attribute.Value}\">";
        }
        if (element.TagName == "A" && element.GetAttribute("rel") != Safe)
            yield return "a link without rel";
    }
}
