using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SupportTickets.OData;

/// <summary>How $skiptoken and $deltatoken are written: JSON in base64url, with a fingerprint of the query they go with.</summary>
internal static class OpaqueToken
{
    /// <summary>Characters of one that is read.</summary>
    public const int MaxLength = 4096;

    /// <summary>As in an address.</summary>
    public static string Encode<T>(T token) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(token));

    /// <summary>Reads one; null when it is none.</summary>
    public static T? Decode<T>(string text) where T : class
    {
        if (text.Length > MaxLength) return null;
        try
        {
            return JsonSerializer.Deserialize<T>(Base64Url.DecodeFromChars(text));
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Tells queries apart by what decides about their rows.</summary>
    public static string Fingerprint(params string?[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))).AsSpan(0, 8));
}
