using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SupportTickets.Access.Links;

/// <summary>The code of a one-time link: 256 random bits in base64url. Only its hash is stored.</summary>
internal static class LinkCode
{
    private const int Bytes = 32;

    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The hash to look up a code by; null for a text that cannot be a code.</summary>
    public static byte[]? Hash(string? code) =>
        code?.Length == Base64Url.GetEncodedLength(Bytes) ? SHA256.HashData(Encoding.UTF8.GetBytes(code)) : null;
}
