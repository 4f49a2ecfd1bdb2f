using System.Diagnostics.CodeAnalysis;

namespace SupportTickets.Configuration;

// Members have the names that the setting has.
#pragma warning disable CA1707

/// <summary>ACCESS: what callers without a credential may do.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum AccessMode
{
    /// <summary>Everything but to administer.</summary>
    open,
    /// <summary>Create a ticket, and ask for a classification and a title for it.</summary>
    submit,
    /// <summary>Nothing.</summary>
    closed,
}
