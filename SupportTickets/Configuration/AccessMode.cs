using System.Diagnostics.CodeAnalysis;

namespace SupportTickets.Configuration;

// Members are named as they are set.
#pragma warning disable CA1707

/// <summary>ACCESS: what callers without a credential may do.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum AccessMode
{
    /// <summary>Everything but to administer.</summary>
    open,
    /// <summary>Send a ticket in, and ask for a classification and a title for it.</summary>
    submit,
    /// <summary>Nothing.</summary>
    closed,
}
