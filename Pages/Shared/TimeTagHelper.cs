using Microsoft.AspNetCore.Razor.TagHelpers;
using SupportTickets.Views;

namespace SupportTickets.Pages.Shared;

/// <summary><c>&lt;time at="..."&gt;&lt;/time&gt;</c>: a time in UTC as text, which site.js converts to the reader's time zone.</summary>
[HtmlTargetElement("time", Attributes = "at")]
public sealed class TimeTagHelper : TagHelper
{
    /// <summary>When, UTC.</summary>
    public DateTime At { get; set; }

    /// <inheritdoc />
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Attributes.SetAttribute("datetime", Words.Iso(At));
        output.Attributes.SetAttribute("title", Words.Utc(At));
        output.Attributes.SetAttribute("data-local", "text");
        output.Content.SetContent(Words.Utc(At));
    }
}
