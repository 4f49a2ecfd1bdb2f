using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Comments;
using SupportTickets.Tickets.Requesters;
using SupportTickets.Tickets.Tags;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tests.Fixtures;

/// <summary>Requesters, comments and tags of a desk, made through the core.</summary>
internal static class Conversations
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Adds a requester. Their address is the name with dots.</summary>
    public static async Task<Requester> AddRequesterAsync(this Desk desk, string name, string? organization = null)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var input = new RequesterInput
        {
            Name = Supplied.Of(name),
            Email = Supplied.Of(People.AddressOf(name)),
            Organization = organization is null ? Supplied.Missing : Supplied.Of(organization),
        };
        return (await scope.ServiceProvider.GetRequiredService<SaveRequester>().CreateAsync(input, Cancel)).Value;
    }

    /// <summary>Adds a ticket that a requester asked for.</summary>
    public static async Task<Ticket> AddTicketAsync(this Desk desk, Requester asks, string title, Status status = Status.open)
    {
        var ticket = await desk.AddTicketAsync(title, status: status);
        await using var scope = desk.Services.CreateAsyncScope();
        var change = new TicketInput { Requester = Supplied.Of(asks.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)) };
        return (await scope.ServiceProvider.GetRequiredService<UpdateTicket>().HandleAsync(
            ticket.Id, change, null, new("tester", Channel.web), Cancel)).Value;
    }

    /// <summary>Gives a ticket a requester, who is added if nobody has the address.</summary>
    public static async Task<Ticket> AddRequesterAsync(this Desk desk, int ticketId, string name, string email)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var input = new TicketInput { RequesterName = Supplied.Of(name), RequesterEmail = Supplied.Of(email) };
        var update = scope.ServiceProvider.GetRequiredService<UpdateTicket>();
        return (await update.HandleAsync(ticketId, input, expectedVersion: null, new("tester", Channel.web), Cancel)).Value;
    }

    /// <summary>Adds a reply, or a note.</summary>
    /// <param name="desk">The desk.</param>
    /// <param name="ticketId">The ticket.</param>
    /// <param name="body">The text.</param>
    /// <param name="isInternal">Whether it is a note.</param>
    /// <param name="by">Who writes it; null for somebody without a credential.</param>
    /// <param name="requester">The name of the requester, who writes it instead.</param>
    public static async Task<Comment> AddCommentAsync(
        this Desk desk, int ticketId, string body, bool isInternal = false, Person? by = null, string? requester = null)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var input = new CommentInput { Body = Supplied.Of(body), IsInternal = Supplied.Of(isInternal ? "true" : "false") };
        var author = new CommentAuthor(
            new Origin(requester ?? by?.Name ?? "tester", requester is null ? Channel.web : Channel.email), by?.Id, requester is not null);
        return (await scope.ServiceProvider.GetRequiredService<AddComment>().HandleAsync(ticketId, input, author, null, Cancel)).Value;
    }

    /// <summary>Deletes a comment, as an administrator does.</summary>
    public static async Task DeleteCommentAsync(this Desk desk, int id)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var deleted = await scope.ServiceProvider.GetRequiredService<ChangeComment>().DeleteAsync(
            id, expectedVersion: null, Caller.System, Channel.web, Cancel);
        Assert.Null(deleted.Problem);
    }

    /// <summary>Adds tags to a ticket.</summary>
    public static async Task TagAsync(this Desk desk, int ticket, params string[] tags)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var tagged = await scope.ServiceProvider.GetRequiredService<TagTickets>().HandleAsync(
            ticket, tags, [], new("tester", Channel.web), Cancel);
        Assert.Null(tagged.Problem);
    }

    /// <summary>The tags of a ticket, by name.</summary>
    public static async Task<List<string>> TagsAsync(this Desk desk, int ticket)
    {
        await using var db = desk.Database.Open();
        return await db.TicketTags.Where(t => t.TicketId == ticket).Select(t => t.Tag!.Name).OrderBy(name => name).ToListAsync(Cancel);
    }
}
