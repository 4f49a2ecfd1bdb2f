using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SupportTickets.Access.Tokens;

/// <summary>The text of a token: <c>st_</c> and 256 random bits in base64url.</summary>
internal static class TokenText
{
    private const string Prefix = "st_";
    private const int Bytes = 32;
    private const int HintLength = 9;

    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Its first characters, which are too few to guess the rest.</summary>
    public static string Hint(string token) => token[..HintLength];

    public static bool LooksLikeOne(string text) =>
        text.Length == Prefix.Length + Base64Url.GetEncodedLength(Bytes) && text.StartsWith(Prefix, StringComparison.Ordinal);
}
