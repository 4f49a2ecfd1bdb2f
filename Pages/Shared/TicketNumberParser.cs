using System.Globalization;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace SupportTickets.Pages.Shared;

/// <summary>Makes the number of a ticket in a text, such as #12, a link to it, whether or not there is such a ticket.</summary>
internal sealed class TicketNumberParser : InlineParser
{
    private const int MaxDigits = 9;

    public TicketNumberParser() => OpeningCharacters = ['#'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (slice.PeekCharExtra(-1).IsAlphaNumeric() || slice.PeekCharExtra(-1) is '/' or '&' or '#')
            return false;
        var digits = 0;
        while (digits <= MaxDigits && slice.PeekChar(digits + 1).IsDigit()) digits++;
        if (digits is 0 or > MaxDigits || slice.PeekChar(1) == '0' || slice.PeekChar(digits + 1).IsAlphaNumeric())
            return false;
        var number = slice.Text.AsSpan(slice.Start + 1, digits);
        var link = new LinkInline(string.Create(CultureInfo.InvariantCulture, $"/tickets/{number}"), "") { IsClosed = true };
        link.AppendChild(new LiteralInline($"#{number}"));
        processor.Inline = link;
        slice.Start += digits + 1;
        return true;
    }
}
