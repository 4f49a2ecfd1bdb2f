namespace SupportTickets.OData.Model;

/// <summary>
/// The descriptions, for people in Excel and Power BI, of the operations and of the types that belong to no single set. The sets
/// have their own (<see cref="Sets.FeedSet.Descriptions"/>).
/// </summary>
internal static class Descriptions
{
    /// <summary>Descriptions by type, type/property or type/member.</summary>
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["Statistics"] = "The figures over all tickets, as the dashboard has them.",
        ["Statistics/Total"] = "Tickets.",
        ["Statistics/Open"] = "Tickets whose status is open.",
        ["Statistics/AveragePerDay"] = "Tickets by day, over the UTC days on which any came in; 0 without tickets.",
        ["Statistics/AverageUrgencyScore"] = "Average UrgencyScore, 0 to 100; 0 without tickets.",
        ["Statistics/ByStatus"] = "Tickets by status, a row for every status.",
        ["Statistics/ByPriority"] = "Tickets by priority, a row for every priority.",
        ["Statistics/ByCategory"] = "Tickets by category, a row for every category.",
        ["Statistics/BySentiment"] = "Tickets by sentiment, a row for every sentiment.",
        ["StatusCount"] = "How many tickets have a status.",
        ["StatusCount/Status"] = "The status.",
        ["StatusCount/Count"] = "Tickets.",
        ["PriorityCount"] = "How many tickets have a priority.",
        ["PriorityCount/Priority"] = "The priority.",
        ["PriorityCount/Count"] = "Tickets.",
        ["CategoryCount"] = "How many tickets have a category.",
        ["CategoryCount/Category"] = "The category.",
        ["CategoryCount/Count"] = "Tickets.",
        ["SentimentCount"] = "How many tickets have a sentiment.",
        ["SentimentCount/Sentiment"] = "The sentiment.",
        ["SentimentCount/Count"] = "Tickets.",
        ["SuggestedClassification"] = "What the AI would file a description under.",
        ["SuggestedClassification/Category"] = "The suggested category; general when nobody could be asked.",
        ["SuggestedClassification/Priority"] = "The suggested priority; low when nobody could be asked.",
        ["SuggestedTitle"] = "What the AI would call a description.",
        ["SuggestedTitle/Title"] = "1 to 120 characters; the first sentence, cut at 60, when nobody could be asked.",
        ["Category"] = "What a ticket is about.",
        ["Category/billing"] = "Invoices, payments, refunds.",
        ["Category/technical"] = "Errors, outages, bugs.",
        ["Category/account"] = "Sign-in, profile, access.",
        ["Category/general"] = "Anything else.",
        ["Priority"] = "How soon a ticket needs work, from least to most.",
        ["Priority/low"] = "Can wait.",
        ["Priority/medium"] = "Normal work.",
        ["Priority/high"] = "Today.",
        ["Priority/critical"] = "Now.",
        ["Status"] = "Where a ticket stands in its life.",
        ["Status/open"] = "Waiting for somebody to take it.",
        ["Status/in_progress"] = "Somebody works on it.",
        ["Status/resolved"] = "Answered; may be reopened. Counts as done.",
        ["Status/closed"] = "Finished for good; may still be reopened. Counts as done.",
        ["Sentiment"] = "The mood of a text, from best to worst.",
        ["Sentiment/calm"] = "Content.",
        ["Sentiment/neutral"] = "No mood to be read.",
        ["Sentiment/frustrated"] = "Annoyed.",
        ["Sentiment/angry"] = "Furious.",
        ["Channel"] = "The way a ticket or a change came in.",
        ["Channel/web"] = "The pages of this desk.",
        ["Channel/rest"] = "The REST routes.",
        ["Channel/odata"] = "The OData feed.",
        ["Channel/email"] = "A mail.",
        ["TicketField"] = "The field of a ticket that an event changed.",
        ["TicketField/title"] = "Title.",
        ["TicketField/description"] = "Description.",
        ["TicketField/category"] = "Category.",
        ["TicketField/priority"] = "Priority.",
        ["TicketField/status"] = "Status; the event of a creation has no old value.",
        ["TicketField/sentiment"] = "Sentiment.",
        ["TicketField/urgency_score"] = "UrgencyScore.",
        ["TicketField/assignee"] = "AssigneeId; values are name and Id, such as Ada Lovelace #7, and empty for nobody.",
        ["TicketField/requester"] = "RequesterId; values are the Id, such as #7, and empty for nobody.",
        ["TicketField/comment"] = "A comment was added (no old value), edited (both) or deleted (empty new value): reply, note or message.",
        ["TicketField/tag"] = "A tag was added (the new value) or taken away (the old value).",
        ["TicketField/attachment"] = "A file was added; the new value is its name.",
    };

    /// <summary>Descriptions by operation or operation/parameter.</summary>
    public static readonly IReadOnlyDictionary<string, string> Operations = new Dictionary<string, string>
    {
        ["Resolve"] = "Makes the status resolved and gives the ticket; one that is resolved stays as it is. Takes If-Match.",
        ["Reopen"] =
            "Makes the status of a ticket that is resolved or closed open and gives the ticket; any other stays as it is. Takes If-Match.",
        ["Assign"] = "Makes somebody the assignee and gives the ticket; one that they have already stays as it is. Takes If-Match.",
        ["Assign/AssigneeId"] = "The Id of an agent whose IsActive is true; null, or left out, for nobody.",
        ["Reply"] = "Adds a public reply and gives it; sent again with its Idempotency-Key it is not added again. Takes If-Match.",
        ["Reply/Body"] = "The text, as Markdown; at most 1,000,000 bytes.",
        ["AddNote"] = "Adds an internal note and gives it; sent again with its Idempotency-Key it is not added again. Takes If-Match.",
        ["AddNote/Body"] = "The text, as Markdown; at most 1,000,000 bytes.",
        ["AddTags"] = "Adds tags, creating those that do not exist yet, and gives the ticket; those that it has stay. Takes If-Match.",
        ["AddTags/Tags"] = "1 to 20 names, each of 1 to 50 characters without commas.",
        ["Stats"] = "The figures over all tickets, as the dashboard has them.",
        ["Classify"] = "Suggests category and priority for a description; nothing is changed. Not in a change set.",
        ["Classify/Description"] = "What the person wrote; not blank.",
        ["SuggestTitle"] = "Suggests a title for a description; nothing is changed. Not in a change set.",
        ["SuggestTitle/Description"] = "What the person wrote; not blank.",
    };
}
