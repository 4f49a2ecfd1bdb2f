using System.Diagnostics.CodeAnalysis;
using SupportTickets.Configuration;

namespace SupportTickets.Access;

// Members have the names that settings and pages use, and are stored as integers in declared order.
#pragma warning disable CA1707, CA1720, CA1008

/// <summary>The role of a person, from the least rights to the most.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum Role
{
    /// <summary>Reads.</summary>
    viewer,
    /// <summary>Works on tickets.</summary>
    agent,
    /// <summary>Works on tickets and manages people.</summary>
    admin,
}

/// <summary>Which of its person's rights a token has.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum TokenScope
{
    /// <summary>Only the right to read.</summary>
    read,
    /// <summary>All rights but to administer.</summary>
    write,
    /// <summary>Only the right to read, without internal notes: for reports that people outside the desk see.</summary>
    read_without_notes,
}

/// <summary>What a caller can be allowed to do.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "wire names")]
public enum Right
{
    /// <summary>See tickets, their history and figures.</summary>
    read,
    /// <summary>Create a ticket; ask for a title and a classification.</summary>
    submit,
    /// <summary>Change and delete tickets.</summary>
    write,
    /// <summary>See internal notes, their files, and that there are any.</summary>
    read_notes,
    /// <summary>Manage people and read the access log.</summary>
    administer,
}

/// <summary>Decides who has which right. All decisions are here.</summary>
public static class Rights
{
    /// <summary>Whether a caller has a right.</summary>
    /// <param name="mode">ACCESS; counts only for callers without a credential.</param>
    /// <param name="role">The role of the person; null without a credential.</param>
    /// <param name="scope">The scope of the token; null for a person who signed in.</param>
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
        Role.viewer => right is Right.read or Right.read_notes,
        Role.agent => right is not Right.administer,
        Role.admin => true,
    };

    private static bool Grant(TokenScope scope, Right right) => scope switch
    {
        TokenScope.read => right is Right.read or Right.read_notes,
        TokenScope.write => right is not Right.administer,
        TokenScope.read_without_notes => right is Right.read,
    };
}
