using System.Text.Json;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>What was just done to a ticket, and the values that undo it; kept in a cookie during the redirect.</summary>
/// <param name="Text">A sentence: "Priority is high now."</param>
/// <param name="Handler">The handler that takes the undoing; empty for the form that changes a ticket.</param>
/// <param name="Undo">The fields to post to undo it; empty where it cannot be undone.</param>
public sealed record Notice(string Text, string Handler, IReadOnlyDictionary<string, string> Undo)
{
    private const string Key = "ticket.notice";

    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>What cannot be undone.</summary>
    public static Notice Done(string text) => new(text, "", Nothing);

    /// <summary>A tag that was taken away.</summary>
    public static Notice OfTag(string name) =>
        new($"The tag “{Words.Isolated(name)}” was removed.", "Tags", new Dictionary<string, string> { ["add"] = name });

    /// <summary>Fields that were changed.</summary>
    /// <param name="text">A sentence.</param>
    /// <param name="before">The values before, by name.</param>
    public static Notice OfFields(string text, IReadOnlyDictionary<string, string> before) => new(text, "", before);

    /// <summary>The notice stored by the previous request; null when there is none. It is read only once.</summary>
    public static Notice? Take(ITempDataDictionary data) =>
        data[Key] is string text ? JsonSerializer.Deserialize<Notice>(text) : null;

    /// <summary>Stores it for the next request.</summary>
    public void Leave(ITempDataDictionary data) => data[Key] = JsonSerializer.Serialize(this);
}
