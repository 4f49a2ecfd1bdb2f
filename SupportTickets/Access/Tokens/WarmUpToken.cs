using System.Security.Cryptography;

namespace SupportTickets.Access.Tokens;

/// <summary>A read-only token for the requests that the desk sends to itself while it warms up. It is never stored.</summary>
public sealed class WarmUpToken
{
    private const string Bearer = "Bearer ";

    private readonly TaskCompletionSource _expired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[]? _hash;

    /// <summary>Makes a random token.</summary>
    public WarmUpToken()
    {
        Text = TokenText.Create();
        _hash = TokenText.Hash(Text);
    }

    /// <summary>Completes when the token is invalid, which is when the desk is warm.</summary>
    internal Task Expired => _expired.Task;

    /// <summary>The text to send.</summary>
    internal string Text { get; }

    /// <summary>Whether a text is this token. The comparison takes the same time for any text.</summary>
    internal bool Is(string text) => _hash is { } hash && CryptographicOperations.FixedTimeEquals(hash, TokenText.Hash(text));

    /// <summary>Whether a request carries this token.</summary>
    internal bool IsOn(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Bearer, StringComparison.Ordinal) && Is(value[Bearer.Length..]);

    /// <summary>Makes it invalid for all further requests.</summary>
    internal void Expire()
    {
        _hash = null;
        _expired.TrySetResult();
    }
}
