using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Maintenance;

/// <summary>What must hold of the conversations of a seeded desk: every comment, tag and file is where its event says.</summary>
internal static class SeededConversations
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task AssertAsync(TicketDb db, int count)
    {
        var requesters = await db.Requesters.AsNoTracking().ToDictionaryAsync(r => r.Id, Cancel);
        Assert.Equal(count / 8, requesters.Count);
        Assert.InRange(requesters.Values.Count(r => r.Organization is not null), count / 16, count / 8);
        var tickets = await db.Tickets.AsNoTracking().Include(t => t.Events.OrderBy(e => e.Id)).Include(t => t.Comments.OrderBy(c => c.Id))
            .Include(t => t.Tags).ThenInclude(t => t.Tag).Include(t => t.Attachments).AsSplitQuery().ToListAsync(Cancel);
        Assert.InRange(tickets.Count(t => t.Comments.Count > 1), count * 3 / 4, count);
        Assert.InRange(tickets.Count(t => t.Attachments.Count > 0), 1, count / 10);
        foreach (var ticket in tickets)
        {
            Assert.Equal(
                ticket.Comments.Select(c => (c.Id, c.CreatedAt, c.Author, (Channel?)c.Channel, CommentText.Of(c), c.IsInternal)),
                Added(TicketField.comment).Select(e => (e.CommentId!.Value, e.At, e.Actor, e.Channel, e.NewValue, e.IsInternal)));
            Assert.Equal(ticket.Tags.Select(t => t.Tag!.Name).Order(), Added(TicketField.tag).Select(e => e.NewValue).Order());
            Assert.Equal(ticket.Attachments.Select(f => f.Name), Added(TicketField.attachment).Select(e => e.NewValue));
            Assert.Equal(
                ticket.Comments.FirstOrDefault(c => CommentText.Of(c) == CommentText.Reply)?.CreatedAt, ticket.FirstReplyAt);
            foreach (var message in ticket.Comments.Where(c => c.IsFromRequester))
                Assert.Equal(requesters[ticket.RequesterId!.Value].Name, message.Author);

            IEnumerable<TicketEvent> Added(TicketField field) => ticket.Events.Where(e => e.Field == field);
        }
        var bodies = tickets.SelectMany(t => t.Comments).Select(c => c.Body).ToList();
        Assert.DoesNotContain(bodies, body => body.Contains('{'));
        foreach (var word in (string[])["refund", "Vielen Dank", "Gracias", "Merci", "Obrigado", "ありがとう"])
            Assert.Contains(bodies, body => body.Contains(word));
        foreach (var file in await db.Attachments.AsNoTracking().ToListAsync(Cancel))
        {
            var piece = await db.AttachmentPieces.AsNoTracking().SingleAsync(p => p.AttachmentId == file.Id, Cancel);
            Assert.Equal(file.Size, piece.Content.Length);
            Assert.Equal(file.Hash, SHA256.HashData(piece.Content));
        }
    }
}
