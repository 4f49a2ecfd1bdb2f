namespace SupportTickets.Access.Limits;

/// <summary>
/// States that an endpoint lets somebody try what they do not know: a password, the code of a link. Attempts count to
/// RATE_LIMIT_SIGN_IN of their address before anything is looked at.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LimitsGuessesAttribute : Attribute
{
    /// <summary>To open the page is an attempt, too: the code is in its address.</summary>
    public bool AtGet { get; init; }
}
