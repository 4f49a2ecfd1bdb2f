using System.Diagnostics.CodeAnalysis;
using SupportTickets.Configuration;

namespace SupportTickets.Access;

// Members are named as they are set and shown, and stored as integers in declared order.
#pragma warning disable CA1707, CA1720, CA1008

/// <summary>What a person is to the desk, from least to most.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum Role
{
    /// <summary>Reads.</summary>
    viewer,
    /// <summary>Works on tickets.</summary>
    agent,
    /// <summary>Works on tickets and looks after people.</summary>
    admin,
}

/// <summary>What a token may do of what its person may.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum TokenScope
{
    /// <summary>Read.</summary>
    read,
    /// <summary>All but to administer.</summary>
    write,
}

/// <summary>What can be allowed.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum Right
{
    /// <summary>See tickets, their history and figures.</summary>
    read,
    /// <summary>Create a ticket; ask for a title and a classification.</summary>
    submit,
    /// <summary>Change and delete tickets.</summary>
    write,
    /// <summary>Look after people and what they did.</summary>
    administer,
}

/// <summary>Who may do what. This is the whole of it.</summary>
public static class Rights
{
    /// <summary>Whether a caller has a right.</summary>
    /// <param name="mode">ACCESS; counts for those without a credential only.</param>
    /// <param name="role">That of the person; null for somebody without a credential.</param>
    /// <param name="scope">That of the token; null for a person who signed in.</param>
    /// <param name="right">The right.</param>
    public static bool Grant(AccessMode mode, Role? role, TokenScope? scope, Right right) =>
        role is { } known ? Grant(known, right) && (scope is not { } limit || Grant(limit, right)) : Grant(mode, right);

    private static bool Grant(AccessMode mode, Right right) => mode switch
    {
        AccessMode.open => right is not Right.administer,
        AccessMode.submit => right is Right.submit,
        AccessMode.closed => false,
    };

    private static bool Grant(Role role, Right right) => role switch
    {
        Role.viewer => right is Right.read,
        Role.agent => right is not Right.administer,
        Role.admin => true,
    };

    private static bool Grant(TokenScope scope, Right right) => scope switch
    {
        TokenScope.read => right is Right.read,
        TokenScope.write => right is not Right.administer,
    };
}
