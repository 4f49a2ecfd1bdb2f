using System.Globalization;
using SupportTickets.Access;
using SupportTickets.Tickets;

namespace SupportTickets.Views;

/// <summary>The people that a form offers as assignees. When there are none, the pages show nothing about assignees.</summary>
/// <param name="Agents">The people, by name.</param>
/// <param name="Me">The reader, when tickets can be assigned to them; else null.</param>
public sealed record AgentOptions(IReadOnlyList<Agent> Agents, int? Me)
{
    /// <summary>The value for the reader in an address.</summary>
    public const string MeValue = "me";

    /// <summary>The value for nobody in an address and in the form for several tickets.</summary>
    public const string NobodyValue = "none";

    /// <summary>The options when there is nobody to offer.</summary>
    public static readonly AgentOptions None = new([], null);

    /// <summary>Whether there is nobody to offer.</summary>
    public bool IsEmpty => Agents.Count == 0;

    /// <summary>The reader first, then all others by name.</summary>
    public IEnumerable<(string Value, string Label)> People =>
        Agents.OrderBy(agent => agent.Id != Me).Select(agent => (Text(agent.Id), Label(agent)));

    /// <summary>The options for the form of a ticket, with one for nobody.</summary>
    public IReadOnlyList<(string Value, string Label)> ForOne => [("", "Nobody"), .. People];

    /// <summary>The options for the form for several tickets, with one for nobody; the empty value leaves tickets as they are.</summary>
    public IReadOnlyList<(string Value, string Label)> ForMany => [(NobodyValue, "Nobody"), .. People];

    /// <summary>The options for the filter of the list.</summary>
    public IReadOnlyList<(string Value, string Label)> ForFilter =>
    [
        .. Me is null ? [] : new[] { (MeValue, "Me") },
        (NobodyValue, "Nobody"),
        .. People.Where(person => person.Value != Text(Me)),
    ];

    /// <summary>The id of the reader, when tickets can be assigned to them; else null.</summary>
    public static int? MeOf(Caller caller) => caller is { IsSignedIn: true, Role: Role.agent or Role.admin } ? caller.PersonId : null;

    /// <summary>The name of the agent with an id; null when there is none.</summary>
    public string? NameOf(string id) => Agents.FirstOrDefault(agent => Text(agent.Id) == id)?.Name;

    private string Label(Agent agent)
    {
        var name = Agents.Count(other => other.Name == agent.Name) == 1 ? agent.Name : $"{agent.Name} #{agent.Id}";
        return agent.Id == Me ? $"{name} (you)" : agent.IsActive ? name : $"{name} (has left)";
    }

    private static string Text(int? id) => id?.ToString(CultureInfo.InvariantCulture) ?? "";
}
