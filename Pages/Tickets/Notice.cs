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

    /// <summary>Tags that were added and taken away. Those that a ticket had already are neither.</summary>
    /// <param name="added">The names of those that were added.</param>
    /// <param name="removed">The names of those that were taken away.</param>
    public static Notice OfTags(IReadOnlyCollection<string> added, IReadOnlyCollection<string> removed) => added.Count + removed.Count == 0
        ? Done("The tags are as they were.")
        : new(
            string.Join(' ', new[] { TagSentence(added, "added"), TagSentence(removed, "removed") }.OfType<string>()), "Tags",
            new Dictionary<string, string> { ["add"] = string.Join(',', removed), ["remove"] = string.Join(',', added) });

    /// <summary>Fields that were changed.</summary>
    /// <param name="text">A sentence.</param>
    /// <param name="before">The values before, by name.</param>
    public static Notice OfFields(string text, IReadOnlyDictionary<string, string> before) => new(text, "", before);

    /// <summary>The notice stored by the previous request; null when there is none. It is read only once.</summary>
    public static Notice? Take(ITempDataDictionary data) =>
        data[Key] is string text ? JsonSerializer.Deserialize<Notice>(text) : null;

    private static string? TagSentence(IReadOnlyCollection<string> names, string done)
    {
        var listed = string.Join(", ", names.Select(name => $"“{Words.Isolated(name)}”"));
        return names.Count switch
        {
            0 => null,
            1 => $"The tag {listed} was {done}.",
            _ => $"The tags {listed} were {done}.",
        };
    }

    /// <summary>Stores it for the next request.</summary>
    public void Leave(ITempDataDictionary data) => data[Key] = JsonSerializer.Serialize(this);
}
