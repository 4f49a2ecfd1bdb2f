using SupportTickets.Tickets.Requesters;
using SupportTickets.Views;

namespace SupportTickets.Pages.Requesters;

/// <summary>Counts in the sentences about a requester.</summary>
internal static class RequesterWords
{
    /// <summary>A number of tickets: "no tickets", "1 ticket", "2,000 tickets".</summary>
    public static string Tickets(int count) => Count(count, "ticket");

    /// <summary>All that is known of a requester: "3 tickets, 1 comment and no files".</summary>
    public static string Of(KnownOfRequester known) =>
        $"{Tickets(known.Tickets)}, {Count(known.Comments, "comment")} and {Count(known.Attachments, "file")}";

    private static string Count(int count, string noun) => count switch
    {
        0 => $"no {noun}s",
        1 => $"1 {noun}",
        _ => $"{Words.Number(count)} {noun}s",
    };
}
