using SupportTickets.Core;

namespace SupportTickets.Access.Links;

/// <summary>A link that was just made. Its code is known only now: the database has its hash.</summary>
/// <param name="Email">For whom.</param>
/// <param name="Code">What its address holds.</param>
/// <param name="ExpiresAt">When it stops, UTC.</param>
public sealed record OneTimeLink(string Email, string Code, DateTime ExpiresAt);

/// <summary>The link is used, revoked, too old, or was never given out. Nobody is told which.</summary>
public sealed record InvalidLink : Problem;
