using SupportTickets.Access;

namespace SupportTickets.OData.Request;

/// <summary>The handler of an HTTP method for the resource that a path names.</summary>
/// <param name="Method">The HTTP method; HEAD goes with GET.</param>
/// <param name="Right">The right that the caller needs; null for every caller who has any right.</param>
/// <param name="Handle">Answers the request.</param>
internal sealed record Handler(string Method, Right? Right, Func<FeedRequest, Task> Handle);
