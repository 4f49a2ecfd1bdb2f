using System.Security.Cryptography;

namespace SupportTickets.Access.Tokens;

/// <summary>A token for the requests that the desk sends to itself while it warms up, to read; it is never stored.</summary>
public sealed class WarmUpToken
{
    private const string Bearer = "Bearer ";

    private byte[]? _hash;

    /// <summary>Makes one.</summary>
    public WarmUpToken()
    {
        Text = TokenText.Create();
        _hash = TokenText.Hash(Text);
    }

    /// <summary>The text to send.</summary>
    internal string Text { get; }

    /// <summary>Whether a text is this token; the comparison takes equally long for any text.</summary>
    internal bool Is(string text) => _hash is { } hash && CryptographicOperations.FixedTimeEquals(hash, TokenText.Hash(text));

    /// <summary>Whether a request has it.</summary>
    internal bool IsOn(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Bearer, StringComparison.Ordinal) && Is(value[Bearer.Length..]);

    /// <summary>Ends it: no request is let in by it any more.</summary>
    internal void Expire() => _hash = null;
}
