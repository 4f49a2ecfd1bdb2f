using SupportTickets.Core;

namespace SupportTickets.Tickets.Reading;

/// <summary>What a list can be sorted by: each has an index.</summary>
public enum TicketSort
{
    /// <summary>When it came in.</summary>
    created,
    /// <summary>How urgent it sounds.</summary>
    urgency,
    /// <summary>Priority, then when it came in.</summary>
    priority,
    /// <summary>Status, then when it came in.</summary>
    status,
    /// <summary>Category, then when it came in.</summary>
    category,
}

/// <summary>The order of a list. All its parts run the same way, so that an index gives it forwards and backwards.</summary>
/// <param name="Sort">By what.</param>
/// <param name="Descending">Largest or newest first.</param>
public sealed record TicketOrder(TicketSort Sort, bool Descending)
{
    /// <summary>Newest first.</summary>
    public static readonly TicketOrder Default = new(TicketSort.created, Descending: true);

    /// <summary>Parses <c>urgency</c> or, descending, <c>-urgency</c>; null when it is neither.</summary>
    public static TicketOrder? Parse(string text)
    {
        var descending = text.StartsWith('-');
        return EnumNames.TryParse<TicketSort>(descending ? text[1..] : text, out var sort) ? new(sort, descending) : null;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => $"{(Descending ? "-" : "")}{Sort}";
}
