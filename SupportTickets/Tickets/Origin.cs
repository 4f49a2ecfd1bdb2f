using SupportTickets.Access;

namespace SupportTickets.Tickets;

/// <summary>Who makes a change, and through which channel.</summary>
/// <param name="Actor">The name for the history.</param>
/// <param name="Channel">The face; null for the desk itself.</param>
public sealed record Origin(string Actor, Channel? Channel)
{
    /// <summary>Re-scoring in the background.</summary>
    public static readonly Origin Triage = new(Caller.TriageName, null);
}

/// <summary>Makes the origin of a caller's changes.</summary>
internal static class CallerOrigin
{
    /// <summary>The origin of changes that are made in a caller's name.</summary>
    public static Origin Origin(this Caller caller, Channel channel) => new(caller.Name, channel);
}
