using SupportTickets.Core;

namespace SupportTickets.Access.People;

/// <summary>There is no such person.</summary>
public sealed record PersonNotFound : Problem;

/// <summary>The account was changed by somebody else meanwhile; nothing was written.</summary>
public sealed record StalePerson : Problem;

/// <summary>Without this person nobody could look after the desk; nothing was written.</summary>
public sealed record LastAdmin : Problem;
