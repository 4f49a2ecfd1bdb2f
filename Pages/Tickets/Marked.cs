using Microsoft.AspNetCore.Html;
using SupportTickets.Tickets.Search;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>A text with what a search found in it marked.</summary>
internal static class Marked
{
    /// <summary>HTML to put into a page.</summary>
    public static IHtmlContent Of(string text, SearchTerms search)
    {
        var html = new HtmlContentBuilder();
        foreach (var part in SearchMarks.Of(text, search))
        {
            if (part.IsMatch) html.AppendHtml("<mark>").Append(Words.Shown(part.Text)).AppendHtml("</mark>");
            else html.Append(Words.Shown(part.Text));
        }
        return html;
    }
}
