using SupportTickets.Access;

namespace SupportTickets.OData.Request;

/// <summary>Who answers a method on what a path names.</summary>
/// <param name="Method">The HTTP method; HEAD goes with GET.</param>
/// <param name="Right">What the caller needs; null when it is for everybody to whom anything is allowed.</param>
/// <param name="Handle">Answers.</param>
internal sealed record Handler(string Method, Right? Right, Func<FeedRequest, Task> Handle);
