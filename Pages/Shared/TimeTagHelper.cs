using Microsoft.AspNetCore.Razor.TagHelpers;
using SupportTickets.Views;

namespace SupportTickets.Pages.Shared;

/// <summary><c>&lt;time at="..."&gt;&lt;/time&gt;</c>: a time in UTC as text, which site.js converts to the reader's time zone.</summary>
[HtmlTargetElement("time", Attributes = "at")]
public sealed class TimeTagHelper : TagHelper
{
    /// <summary>When, UTC.</summary>
    public DateTime At { get; set; }

    /// <summary>The time of the request, UTC, to say how long ago it was; null to write the time itself.</summary>
    public DateTime? Since { get; set; }

    /// <inheritdoc />
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Attributes.SetAttribute("datetime", Words.Iso(At));
        output.Attributes.SetAttribute("title", Words.Utc(At));
        output.Attributes.SetAttribute("data-local", Since is null ? "text" : "title");
        output.Content.SetContent(Since is { } now ? Words.Ago(At, now) : Words.Utc(At));
    }
}
