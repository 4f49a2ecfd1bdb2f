using SupportTickets.Core;

namespace SupportTickets.Tickets;

/// <summary>There is no such comment that the caller may see.</summary>
public sealed record CommentNotFound : Problem;

/// <summary>The comment changed since the caller read it; nothing was written.</summary>
/// <param name="Current">The comment as it is now.</param>
public sealed record StaleComment(Comment Current) : Problem;

/// <summary>Why a comment cannot be changed.</summary>
public enum CommentRefusal
{
    /// <summary>Somebody else wrote it.</summary>
    NotTheAuthor,
    /// <summary><see cref="Comment.EditTime"/> is over.</summary>
    TooLate,
    /// <summary>Only administrators delete comments.</summary>
    NotAnAdmin,
}

/// <summary>The caller may see the comment but not change it so; nothing was written.</summary>
public sealed record CommentRefused(CommentRefusal Why) : Problem;
