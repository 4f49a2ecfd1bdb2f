namespace SupportTickets.OData;

/// <summary>What people read about the model in Excel and Power BI: definition, unit and range of everything in it.</summary>
internal static class Descriptions
{
    /// <summary>By type, or type/property.</summary>
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["Ticket"] = "A request for help.",
        ["Ticket/Id"] = "The key, ascending in the order of creation.",
        ["Ticket/Title"] = "1 to 200 characters.",
        ["Ticket/Description"] = "What the person wrote.",
        ["Ticket/Category"] = "What the ticket is about.",
        ["Ticket/Priority"] = "How soon it needs work, from low to critical.",
        ["Ticket/Status"] = "Where it stands; resolved and closed count as done.",
        ["Ticket/Sentiment"] = "The mood of title and description, from calm to angry, scored by the desk.",
        ["Ticket/UrgencyScore"] = "How urgent the text sounds, 0 to 100, scored by the desk.",
        ["Ticket/Channel"] = "The way it came in.",
        ["Ticket/CreatedAt"] = "When it came in.",
        ["Ticket/CreatedDate"] = "The UTC day of CreatedAt; indexed, so group and filter by it.",
        ["Ticket/UpdatedAt"] = "When any field last changed. No measure of work: take the events for that.",
        ["Ticket/FirstResolvedAt"] = "When it was first done; kept when it is reopened.",
        ["Ticket/ResolvedAt"] = "When it was last done; null while it is not.",
        ["Ticket/ResolutionMinutes"] = "Whole minutes from CreatedAt to ResolvedAt; null while it is not done.",
        ["Ticket/ReopenCount"] = "How often it went from done back to work.",
        ["Ticket/Version"] = "Counts the changes from 1; the ETag of the ticket.",
        ["Ticket/Events"] = "Its history.",
        ["TicketEvent"] = "One change of one field of a ticket. Events are only ever added.",
        ["TicketEvent/Id"] = "The key, ascending in the order of writing within a ticket.",
        ["TicketEvent/TicketId"] = "The ticket that changed.",
        ["TicketEvent/Ticket"] = "The ticket that changed.",
        ["TicketEvent/At"] = "When.",
        ["TicketEvent/Date"] = "The UTC day of At; indexed, so group and filter by it.",
        ["TicketEvent/Actor"] = "Who: a person's name, anonymous, or triage for scores.",
        ["TicketEvent/Channel"] = "The way the change came in; null when the desk itself made it.",
        ["TicketEvent/Field"] = "What changed.",
        ["TicketEvent/OldValue"] = "The value before; null for the event of a creation.",
        ["TicketEvent/NewValue"] = "The value after.",
        ["Category"] = "What a ticket is about.",
        ["Priority"] = "How soon a ticket needs work, from least to most.",
        ["Status"] = "Where a ticket stands in its life.",
        ["Sentiment"] = "The mood of a text, from best to worst.",
        ["Channel"] = "The way a ticket or a change came in.",
        ["TicketField"] = "The field of a ticket that an event changed.",
    };
}
