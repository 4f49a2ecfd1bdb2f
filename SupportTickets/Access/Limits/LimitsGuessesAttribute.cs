namespace SupportTickets.Access.Limits;

/// <summary>
/// States that callers can guess a secret at an endpoint: a password, or the code of a link. Each attempt counts against
/// RATE_LIMIT_SIGN_IN of its IP address before it is looked at.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LimitsGuessesAttribute : Attribute
{
    /// <summary>Whether opening the page is an attempt too, because the code is in its address.</summary>
    public bool AtGet { get; init; }
}
