using Microsoft.AspNetCore.Mvc;
using SupportTickets.Access.People;
using SupportTickets.Core;

namespace SupportTickets.Pages.Settings;

/// <summary>The status of a page when the core refused for a reason that no field can correct.</summary>
internal static class RefusalStatus
{
    public static StatusCodeResult Of(Problem problem) => new(problem switch
    {
        NotAnAdmin => StatusCodes.Status403Forbidden,
        PersonNotFound => StatusCodes.Status404NotFound,
        _ => StatusCodes.Status409Conflict,
    });
}
