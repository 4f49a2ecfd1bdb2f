using SupportTickets.Core;

namespace SupportTickets.Access.People;

/// <summary>There is no such person.</summary>
public sealed record PersonNotFound : Problem;

/// <summary>Somebody else has changed the account meanwhile; nothing was written.</summary>
public sealed record StalePerson : Problem;

/// <summary>The person is the last active administrator; nothing was written.</summary>
public sealed record LastAdmin : Problem;
