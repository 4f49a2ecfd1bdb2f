using SupportTickets.Access;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Pages.Tickets;

/// <summary>
/// A ticket with a conversation that is stored nowhere. The desk shows it to itself after the start, so that the code is compiled before
/// somebody opens a ticket; an empty desk has no other one.
/// </summary>
internal static class SampleTicket
{
    /// <summary>Its number, which no stored ticket has.</summary>
    public const int Id = 0;

    private const string Text = """
        # A heading

        **Bold**, *emphasis*, `code`, [a link](https://example.com), https://example.com and #1.

        > A quote

        - one
        - two

        1. first

        | a | b |
        |---|---|
        | 1 | 2 |

            a block of code
        """;

    /// <summary>The ticket; null for everybody but the desk itself, and for every other number.</summary>
    public static Ticket? Find(int id, Caller caller, DateTime now)
    {
        if (id != Id || caller != Caller.System)
            return null;
        // Nobody is requester 0 either, but they are looked for.
        var draft = new NewTicket("A sample", Text, Category.general, Priority.low, Status.open) { Requester = new(Id) };
        return TicketLifeCycle.Create(draft, Score.Fallback, now, caller.Origin(Channel.web));
    }

    /// <summary>Its conversation: an entry of each kind.</summary>
    public static TimelinePage Timeline(DateTime now)
    {
        var file = new Attachment { Name = "sample.png", MediaType = "image/png", Hash = [], CreatedAt = now };
        return new(
            [
                Entry(TicketField.status, null, "open"), Entry(TicketField.title, "A", "B"), Entry(TicketField.tag, null, "sample"),
                Comment(1, CommentText.Reply, isInternal: false), Comment(2, CommentText.Note, isInternal: true),
            ],
            [file], Earlier: 1);

        TimelineEntry Entry(TicketField field, string? old, string value) =>
            new(new(0, now, Caller.System.Name, Channel.web, field, old, value, CommentId: null, IsInternal: false), null, []);

        TimelineEntry Comment(int id, string word, bool isInternal) => new(
            new(id, now, Caller.System.Name, Channel.web, TicketField.comment, null, word, id, isInternal),
            new(id, Text, IsCut: false, isInternal, IsFromRequester: false, Caller.System.Name, AuthorId: null, now, EditedAt: now, 1),
            [file]);
    }
}
