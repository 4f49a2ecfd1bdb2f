using SupportTickets.Tickets.Changes;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Submissions;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tickets;

/// <summary>Registers the core, which the faces call.</summary>
public static class TicketsFeature
{
    /// <summary>Adds the handlers and the reads.</summary>
    public static IServiceCollection AddTickets(this IServiceCollection services) => services
        .AddScoped<TicketReads>()
        .AddScoped<TicketList>()
        .AddScoped<TicketHistory>()
        .AddScoped<Assignees>()
        .AddScoped<CreateTicket>()
        .AddScoped<SubmissionStore>()
        .AddHostedService<SubmissionCleaner>()
        .AddScoped<UpdateTicket>()
        .AddScoped<ChangeTickets>()
        .AddScoped<DeleteTicket>()
        .AddScoped<TicketChanges>();
}
