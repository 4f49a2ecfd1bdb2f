using SupportTickets.Access;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>
/// The list that a reader came from, kept in the address of the ticket: the way back leads to the same page of it, and the tickets
/// before and after are those of the list.
/// </summary>
/// <param name="Parameters">The part of the list's address after the question mark; empty for the list of all tickets.</param>
public sealed record ListPlace(string Parameters)
{
    /// <summary>The parameter of a ticket's address.</summary>
    public const string Name = "list";

    // As long as the address of a list that can be saved.
    private const int MaxLength = SavedView.MaxAddressLength;

    /// <summary>The list of all tickets.</summary>
    public static readonly ListPlace None = new("");

    /// <summary>The ticket before this one; null on the first.</summary>
    public int? Previous { get; private init; }

    /// <summary>The ticket after this one; null on the last.</summary>
    public int? Next { get; private init; }

    /// <summary>The address of the list.</summary>
    public string Url => Parameters.Length == 0 ? "/tickets" : $"/tickets?{Parameters}";

    /// <summary>Reads the address of a ticket.</summary>
    public static ListPlace Read(IQueryCollection query) =>
        query[Name] is [.., { Length: > 0 and <= MaxLength } text] ? new(text) : None;

    /// <summary>The place of a list.</summary>
    /// <param name="address">The address of the list.</param>
    public static ListPlace Of(string address) =>
        address.IndexOf('?') is >= 0 and var at && address.Length - at - 1 <= MaxLength ? new(address[(at + 1)..]) : None;

    /// <summary>The address of a ticket in this list.</summary>
    public string AddressOf(int id) => $"/tickets/{id}{Query}";

    /// <summary>The address of the form that changes a ticket.</summary>
    public string EditAddressOf(int id) => $"/tickets/{id}/edit{Query}";

    /// <summary>What an address has to end with to keep the place; empty for the list of all tickets.</summary>
    public string Query => Parameters.Length == 0 ? "" : $"?{Name}={Uri.EscapeDataString(Parameters)}";

    /// <summary>What an address that has parameters already has to end with.</summary>
    public string More => Parameters.Length == 0 ? "" : $"&{Name}={Uri.EscapeDataString(Parameters)}";

    /// <summary>The place with the tickets before and after one; a list that cannot be shown has none.</summary>
    public async Task<ListPlace> WithNeighboursAsync(TicketList list, Ticket ticket, Caller reader, CancellationToken cancel)
    {
        var errors = new List<string>();
        var query = ListQuery.Parse(Url, errors);
        if (query.Filter(reader, errors) is not { } filter)
            return this;
        var (previous, next) = await list.NeighboursAsync(filter, query.Order, ticket, cancel);
        return this with { Previous = previous, Next = next };
    }
}
