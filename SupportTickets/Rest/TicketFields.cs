using SupportTickets.Core;
using SupportTickets.Tickets;

namespace SupportTickets.Rest;

/// <summary>The names of the fields a caller may write. All other names are ignored, as in the older system.</summary>
internal static class TicketFields
{
    /// <summary>The only optional field: an empty value in a form counts as left out.</summary>
    public const string Status = "status";

    /// <summary>Whether a name is one of these fields.</summary>
    public static bool IsKnown(string name) => name is "title" or "description" or "category" or "priority" or Status;

    /// <summary>An input with one more field supplied; a second value for a field replaces the first.</summary>
    public static TicketInput With(this TicketInput input, string name, Supplied value) => name switch
    {
        "title" => input with { Title = value },
        "description" => input with { Description = value },
        "category" => input with { Category = value },
        "priority" => input with { Priority = value },
        Status => input with { Status = value },
        _ => input,
    };
}
