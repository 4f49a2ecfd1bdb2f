using SupportTickets.Access;

namespace SupportTickets.Tickets;

/// <summary>Who makes a change, and through which channel.</summary>
/// <param name="Actor">A name for the history.</param>
/// <param name="Channel">The face; null for the desk itself.</param>
public sealed record Origin(string Actor, Channel? Channel)
{
    /// <summary>Re-scoring in the background.</summary>
    public static readonly Origin Triage = new(Caller.TriageName, null);
}

/// <summary>What a caller changes.</summary>
internal static class CallerOrigin
{
    /// <summary>For what is changed in their name.</summary>
    public static Origin Origin(this Caller caller, Channel channel) => new(caller.Name, channel);
}
