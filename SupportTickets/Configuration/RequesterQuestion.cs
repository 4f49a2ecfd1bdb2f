using System.Diagnostics.CodeAnalysis;

namespace SupportTickets.Configuration;

// Members have the names that the setting has.
#pragma warning disable CA1707

/// <summary>ASK_REQUESTER: whether the form for a new ticket asks who asks for help. Programs are not concerned.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum RequesterQuestion
{
    /// <summary>It does not ask.</summary>
    no,
    /// <summary>It asks, and takes a ticket without an answer.</summary>
    optional,
    /// <summary>Those who did not sign in must answer. For those who did it is optional: they may write for others.</summary>
    required,
}
