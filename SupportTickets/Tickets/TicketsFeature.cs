using SupportTickets.Tickets.Attachments;
using SupportTickets.Tickets.Changes;
using SupportTickets.Tickets.Comments;
using SupportTickets.Tickets.Live;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Requesters;
using SupportTickets.Tickets.Submissions;
using SupportTickets.Tickets.Tags;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tickets;

/// <summary>Registers the core, which the faces call.</summary>
public static class TicketsFeature
{
    /// <summary>Adds the handlers and the reads.</summary>
    public static IServiceCollection AddTickets(this IServiceCollection services) => services
        .AddScoped<TicketReads>()
        .AddSingleton<CompiledReads>()
        .AddSingleton<ListLimits>()
        .AddScoped<SearchScope>()
        .AddScoped<TicketList>()
        .AddScoped<TicketHistory>()
        .AddScoped<Assignees>()
        .AddScoped<CreateTicket>()
        .AddScoped<SubmissionStore>()
        .AddHostedService<SubmissionCleaner>()
        .AddScoped<UpdateTicket>()
        .AddScoped<ChangeTickets>()
        .AddScoped<DeleteTicket>()
        .AddScoped<RequesterRows>()
        .AddScoped<SaveRequester>()
        .AddScoped<MergeRequesters>()
        .AddScoped<ForgetRequester>()
        .AddScoped<TicketTimeline>()
        .AddScoped<RequesterCard>()
        .AddScoped<RequesterReads>()
        .AddScoped<TagReads>()
        .AddScoped<AddComment>()
        .AddScoped<ChangeComment>()
        .AddScoped<TagTickets>()
        .AddScoped<TagManyTickets>()
        .AddScoped<ManageTags>()
        .AddScoped<AttachmentContents>()
        .AddScoped<UploadAttachment>()
        .AddScoped<CommentWithFiles>()
        .AddScoped<TicketWithFiles>()
        .AddScoped<SweepAttachments>()
        .AddHostedService<AttachmentSweeper>()
        .AddScoped<TicketChanges>()
        .AddScoped<UndoChanges>()
        .AddSingleton<MarkSeal>()
        .AddSingleton<ChangeWatch>();
}
