using SupportTickets.Access;
using SupportTickets.Http;
using SupportTickets.Views;

namespace SupportTickets.Pages.Shared;

/// <summary>The page that everybody begins with after signing in, and that the name of the desk leads to: their own work.</summary>
internal static class StartPage
{
    /// <summary>Their unresolved tickets for agents; the dashboard for those who look after the work of others, and for visitors.</summary>
    public static string Of(Role? role) => role is Role.agent ? ListQuery.Mine.Url : LocalAddress.Home;
}
