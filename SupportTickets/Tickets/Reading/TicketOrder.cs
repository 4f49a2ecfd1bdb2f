using SupportTickets.Core;
using SupportTickets.Tickets.Search;

namespace SupportTickets.Tickets.Reading;

/// <summary>The sort columns of lists; each but <see cref="match"/> has an index.</summary>
public enum TicketSort
{
    /// <summary>The time of creation.</summary>
    created,
    /// <summary>The urgency score.</summary>
    urgency,
    /// <summary>The priority, then the time of creation.</summary>
    priority,
    /// <summary>The status, then the time of creation.</summary>
    status,
    /// <summary>The category, then the time of creation.</summary>
    category,
    /// <summary>How well the title matches the search, then the time of creation; the time alone when there is no search.</summary>
    match,
}

/// <summary>The order of a list. All its columns have the same direction, so that an index gives it forwards and backwards.</summary>
/// <param name="Sort">The sort column.</param>
/// <param name="Descending">Whether the largest or newest come first.</param>
public sealed record TicketOrder(TicketSort Sort, bool Descending)
{
    /// <summary>Newest first.</summary>
    public static readonly TicketOrder Default = new(TicketSort.created, Descending: true);

    /// <summary>The tickets that match a search best first, then the newest.</summary>
    public static readonly TicketOrder BestMatch = new(TicketSort.match, Descending: true);

    /// <summary>The order for a search: without a term there is nothing to match.</summary>
    public TicketOrder For(SearchTerms search) =>
        Sort == TicketSort.match && search.IsEmpty ? this with { Sort = TicketSort.created } : this;

    /// <summary>Parses <c>urgency</c> or, descending, <c>-urgency</c>; null when it is neither.</summary>
    public static TicketOrder? Parse(string text)
    {
        var descending = text.StartsWith('-');
        return EnumNames.TryParse<TicketSort>(descending ? text[1..] : text, out var sort) ? new(sort, descending) : null;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => $"{(Descending ? "-" : "")}{Sort}";
}
