using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Http;
using SupportTickets.Pages.Shared;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Attachments;
using SupportTickets.Tickets.Comments;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Submissions;
using SupportTickets.Tickets.Tags;
using SupportTickets.Tickets.Writing;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>
/// A ticket with its conversation and history, and the box to write in. Changes of its fields are small forms that post to <see
/// cref="EditModel"/>.
/// </summary>
[RequiresRight(Right.read, ToPost = Right.write), TakesFiles]
public sealed class TicketModel(
    TicketReads reads, TicketTimeline timeline, TicketList list, Assignees assignees, CommentWithFiles add, Uploads uploads,
    ChangeComment change, TagTickets tags, RequesterCard card, TimeProvider clock) : PageModel
{
    /// <summary>The ticket.</summary>
    public Ticket Ticket { get; private set; } = null!;

    /// <summary>Its conversation and history.</summary>
    public TimelinePage Timeline { get; private set; } = null!;

    /// <summary>The newest entries, oldest first, also where a page with earlier ones is shown.</summary>
    public IReadOnlyList<TimelineEntry> Latest { get; private set; } = [];

    /// <summary>Whether the page ends before the newest entries.</summary>
    public bool IsEarlier { get; private set; }

    /// <summary>The people who can be chosen as the assignee; for readers who may not choose, only the assignee.</summary>
    public AgentOptions Agents { get; private set; } = AgentOptions.None;

    /// <summary>Its tags, by name.</summary>
    public IReadOnlyList<string> Tags { get; private set; } = [];

    /// <summary>Who asks, with their other tickets; null where that is not known.</summary>
    public RequesterBeside? Requester { get; private set; }

    /// <summary>The list that the reader came from, with the tickets before and after this one.</summary>
    public ListPlace Place { get; private set; } = ListPlace.None;

    /// <summary>What was typed into the box, and what is wrong with it.</summary>
    public CommentDraft Draft { get; private set; } = CommentDraft.New();

    /// <summary>What was just done, with the way to undo it; null when nothing was.</summary>
    public Notice? Notice { get; private set; }

    /// <summary>The newest event that the reader may see, from before anything else was read.</summary>
    public long Newest { get; private set; }

    /// <summary>What others did since the reader's page was made; null where nothing, and where no page asks.</summary>
    public TicketNews? News { get; private set; }

    /// <summary>What is shown instead where the ticket of a form is gone.</summary>
    public GoneTicket? Gone { get; private set; }

    /// <summary>The time of the request, UTC.</summary>
    public DateTime Now { get; } = clock.Now();

    /// <summary>Who reads it.</summary>
    public Caller Caller => HttpContext.Caller();

    /// <summary>Whether the reader may change it.</summary>
    public bool MayWrite => Caller.May(Right.write);

    /// <summary>Whether the requester waits for an answer, as far as the newest entries tell.</summary>
    public bool Waits => !Ticket.Status.IsDone() && (Ticket.FirstReplyAt is null
        || Latest.LastOrDefault(e => e.Comment is { IsInternal: false })?.Comment is { IsFromRequester: true });

    /// <summary>The changes of status that make sense now, the most likely first.</summary>
    public IReadOnlyList<(string Verb, Status Status)> Moves => Ticket.Status switch
    {
        Status.open => [("Resolve", Status.resolved), ("Start", Status.in_progress), ("Close", Status.closed)],
        Status.in_progress => [("Resolve", Status.resolved), ("Close", Status.closed)],
        Status.resolved => [("Close", Status.closed), ("Reopen", Status.open)],
        Status.closed => [("Reopen", Status.open)],
    };

    /// <summary>
    /// The text of an edit that was refused, where no form for it is shown: the comment is gone, or may not be edited any more.
    /// </summary>
    public string? Unsaved => IsEditShown ? null : Draft.EditedBody;

    /// <summary>Whether an edit was refused and its form is shown, which says why.</summary>
    public bool IsEditShown =>
        Timeline.Entries.Any(e => e.Comment is { } comment && comment.Id == Draft.Edited && HasForm(comment));

    /// <summary>Whether the form that edits a comment is shown: the reader may edit it, and all of its text is here.</summary>
    public bool HasForm(TimelineComment comment) => MayEdit(comment) && !comment.IsCut;

    /// <summary>Whether a comment can still be edited by the reader.</summary>
    public bool MayEdit(TimelineComment comment) => ChangeComment.MayEdit(
        Caller, comment.AuthorId, comment.IsFromRequester, comment.CreatedAt, Now);

    /// <summary>Shows it.</summary>
    /// <param name="id">The ticket.</param>
    /// <param name="before">See <see cref="TicketTimeline.HandleAsync"/>.</param>
    /// <param name="since">The newest event on the page of a reader, which fetches itself again; null for a page that is opened.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public async Task<IActionResult> OnGetAsync(int id, long? before, long? since, CancellationToken cancel)
    {
        // The notice is for the page that follows what was done.
        if (since is null) Notice = Notice.Take(TempData);
        if (!await ShowAsync(id, before, cancel))
            return NotFound();
        if (since is { } seen) News = TicketNews.Of(Latest, seen);
        return Page();
    }

    /// <summary>Adds a reply or a note, and does with the ticket what the button says.</summary>
    [KeepsForm]
    public async Task<IActionResult> OnPostCommentAsync(int id, CancellationToken cancel)
    {
        Draft = CommentDraft.Read(Request.Form);
        var (files, refused) = await FilesAsync(id, cancel);
        if (refused is not null)
            return await RefusedAsync(id, refused, cancel);
        var author = new CommentAuthor(Caller.Origin(Channel.web), Caller.PersonId);
        var key = Draft.Key is { } text ? new IdempotencyKey(text, Caller.SubmissionScope) : null;
        var result = await add.HandleAsync(id, Draft.ToInput(), author, key, Draft.ToChange(), files, cancel);
        if (result.Succeeded(out var comment, out var problem))
        {
            Notice.Done(Draft.Resolves ? Draft.OutcomeFor(await reads.FindAsync(id, cancel), comment) : Draft.Outcome).Leave(TempData);
            ReadPlace();
            return Request.GoTo(Here(id, $"#comment-{comment.Id}"));
        }
        return await RefusedAsync(id, problem, cancel);
    }

    /// <summary>Shows what the text of the box would look like.</summary>
    [KeepsForm]
    public async Task<IActionResult> OnPostPreviewAsync(int id, CancellationToken cancel)
    {
        Draft = CommentDraft.Read(Request.Form) with { IsPreviewed = true };
        if ((await FilesAsync(id, cancel)).Refused is { } refused)
            return await RefusedAsync(id, refused, cancel);
        return await ShowAsync(id, null, cancel) ? Page() : await GoneAsync(id, cancel);
    }

    /// <summary>Replaces the text of a comment of the reader.</summary>
    public async Task<IActionResult> OnPostEditCommentAsync(int id, int comment, int version, CancellationToken cancel)
    {
        var body = Supplied.OfForm(TicketForm.Text(Request.Form, "body"));
        var result = await change.EditAsync(comment, body, version, Caller, Channel.web, cancel, id);
        if (!result.Succeeded(out _, out var problem))
        {
            Draft = Draft with { Edited = comment, EditedBody = body.Text };
            return await RefusedAsync(id, problem, cancel);
        }
        Notice.Done("Comment changed.").Leave(TempData);
        ReadPlace();
        return Request.GoTo(Here(id, $"#comment-{comment}"));
    }

    /// <summary>Deletes a comment.</summary>
    public async Task<IActionResult> OnPostDeleteCommentAsync(int id, int comment, int version, CancellationToken cancel)
    {
        var result = await change.DeleteAsync(comment, version, Caller, Channel.web, cancel, id);
        if (!result.Succeeded(out _, out var problem))
            return await RefusedAsync(id, problem, cancel);
        Notice.Done("Comment deleted.").Leave(TempData);
        ReadPlace();
        return Request.GoTo(Here(id));
    }

    /// <summary>Adds tags and takes tags away; several have commas between them.</summary>
    public async Task<IActionResult> OnPostTagsAsync(int id, string? add, string? remove, CancellationToken cancel)
    {
        var (added, removed) = (Selection.Names(add ?? ""), Selection.Names(remove ?? ""));
        var result = await tags.HandleAsync(id, added, removed, Caller.Origin(Channel.web), cancel);
        if (!result.Succeeded(out var ticket, out var problem))
        {
            Draft = Draft with { Tags = add ?? "" };
            return await RefusedAsync(id, problem, cancel);
        }
        // Of a ticket that was written, the events are those of this change.
        Notice.OfTags(
            [.. ticket.Events.Select(e => e.NewValue).Where(name => name.Length > 0)],
            [.. ticket.Events.Select(e => e.OldValue).OfType<string>()]).Leave(TempData);
        ReadPlace();
        return Request.GoTo(Here(id, "#tags"));
    }

    /// <summary>The address of this page, in the list that the reader came from.</summary>
    public string Here(int id, string fragment = "") => Place.AddressOf(id) + fragment;

    private async Task<(IReadOnlyCollection<int> Ids, Problem? Refused)> FilesAsync(int id, CancellationToken cancel)
    {
        var posted = await uploads.ReadAsync(HttpContext, id, cancel);
        Draft = Draft with { Files = posted.Waiting };
        return ([.. posted.Files.Select(f => f.Id)], posted.Refused);
    }

    private async Task<IActionResult> RefusedAsync(int id, Problem problem, CancellationToken cancel)
    {
        Draft = Draft with { Problem = problem };
        return problem is not (TicketNotFound or TicketDeleted) && await ShowAsync(id, null, cancel)
            ? new PageResult { StatusCode = CommentDraft.StatusOf(problem) }
            : await GoneAsync(id, cancel);
    }

    private async Task<PageResult> GoneAsync(int id, CancellationToken cancel)
    {
        ReadPlace();
        Gone = new(await reads.WasDeletedAsync(id, cancel), Place.Url, Draft.Typed);
        return new PageResult { StatusCode = Gone.Status };
    }

    private async Task<bool> ShowAsync(int id, long? before, CancellationToken cancel)
    {
        Newest = await reads.NewestEventAsync(id, cancel);
        if ((await reads.FindAsync(id, cancel) ?? SampleTicket.Find(id, Caller, Now)) is not { } ticket)
            return false;
        Ticket = ticket;
        if (MayWrite || ticket.AssigneeId is not null)
            Agents = new(await assignees.OfferedAsync([ticket.AssigneeId, AgentOptions.MeOf(Caller)], cancel), AgentOptions.MeOf(Caller));
        Timeline = await timeline.HandleAsync(id, before, cancel);
        if (id == SampleTicket.Id) Timeline = SampleTicket.Timeline(Now);
        IsEarlier = before <= Newest;
        Latest = IsEarlier ? (await timeline.HandleAsync(id, null, cancel)).Entries : Timeline.Entries;
        Tags = await timeline.TagsAsync(id, cancel);
        Requester = await card.FindAsync(ticket, cancel);
        ReadPlace();
        Place = await Place.WithNeighboursAsync(list, ticket, Caller, cancel);
        return true;
    }

    private void ReadPlace() => Place = ListPlace.Read(Request.Query);
}
