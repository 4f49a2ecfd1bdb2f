using SupportTickets.Data;

namespace SupportTickets.Access;

/// <summary>Limits what a service scope reads to what its caller may see.</summary>
internal static class CallerVisibility
{
    /// <summary>From now on everything read in the scope is limited to what the caller may see.</summary>
    /// <param name="scope">The services of the scope.</param>
    /// <param name="caller">The caller; the desk itself sees everything.</param>
    public static void ReadFor(this IServiceProvider scope, Caller caller) =>
        scope.GetRequiredService<TicketDb>().Visibility = caller == Caller.System ? Visibility.Desk : new()
        {
            PersonId = caller.PersonId,
            MayRead = caller.May(Right.read),
            MayReadNotes = caller.May(Right.read_notes),
            MayWrite = caller.May(Right.write),
        };
}
