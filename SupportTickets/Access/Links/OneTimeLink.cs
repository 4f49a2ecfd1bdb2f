using SupportTickets.Core;

namespace SupportTickets.Access.Links;

/// <summary>A new link. Its code is known only now, because the database stores the hash.</summary>
/// <param name="Email">The e-mail address of the person it is for.</param>
/// <param name="Code">The code in its address.</param>
/// <param name="ExpiresAt">When it expires, UTC.</param>
public sealed record OneTimeLink(string Email, string Code, DateTime ExpiresAt);

/// <summary>The link was used, was revoked, has expired, or never existed. The caller is not told which.</summary>
public sealed record InvalidLink : Problem;
