using SupportTickets.Data;

namespace SupportTickets.Access;

/// <summary>Ties what is read in a scope to who asks.</summary>
internal static class CallerVisibility
{
    /// <summary>Lets everything that is read in a scope from now on be what a caller may see.</summary>
    /// <param name="scope">The services of the scope.</param>
    /// <param name="caller">Who asks; the desk itself sees everything.</param>
    public static void ReadFor(this IServiceProvider scope, Caller caller) =>
        scope.GetRequiredService<TicketDb>().Visibility = caller == Caller.System ? Visibility.Desk : new()
        {
            PersonId = caller.PersonId,
            MayRead = caller.May(Right.read),
            MayWrite = caller.May(Right.write),
        };
}
