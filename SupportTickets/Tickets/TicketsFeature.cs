namespace SupportTickets.Tickets;

/// <summary>Registers the core: what the faces call.</summary>
public static class TicketsFeature
{
    /// <summary>Adds the handlers and the reads.</summary>
    public static IServiceCollection AddTickets(this IServiceCollection services) => services
        .AddScoped<TicketReads>()
        .AddScoped<TicketList>()
        .AddScoped<TicketHistory>()
        .AddScoped<Assignees>()
        .AddScoped<CreateTicket>()
        .AddScoped<Submissions>()
        .AddHostedService<SubmissionCleaner>()
        .AddScoped<UpdateTicket>()
        .AddScoped<ChangeTickets>()
        .AddScoped<DeleteTicket>()
        .AddScoped<TicketChanges>();
}
