using System.Diagnostics.CodeAnalysis;

namespace SupportTickets.Configuration;

// Members are named as they are set.
#pragma warning disable CA1707

/// <summary>ACCESS: what those may do who show no credential.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum AccessMode
{
    /// <summary>Everything but to administer.</summary>
    open,
    /// <summary>Send a ticket in, and have it classified and titled meanwhile.</summary>
    submit,
    /// <summary>Nothing.</summary>
    closed,
}
