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

    /// <summary>The time to store: UTC, cut to the microsecond, because that is what PostgreSQL keeps.</summary>
    public static DateTime Now(this TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
