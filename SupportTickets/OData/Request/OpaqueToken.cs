using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SupportTickets.OData.Request;

/// <summary>How $skiptoken and $deltatoken are written: JSON in base64url, with a fingerprint of the query they go with.</summary>
internal static class OpaqueToken
{
    /// <summary>Characters of one that is read.</summary>
    public const int MaxLength = 4096;

    /// <summary>
    /// Characters of a link of ours, unless what the caller asked for is longer already: more than any client, proxy or
    /// log is known to cut.
    /// </summary>
    public const int MaxLink = 2000;

    /// <summary>Numbers that are none (INF, NaN) are sort values too, and a letter takes as few bytes as it can.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>As in an address.</summary>
    public static string Encode<T>(T token) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(token, Json));

    /// <summary>The first of several, from the fullest to the barest, that is not longer than some characters; else the last.</summary>
    public static string EncodeFitting<T>(IEnumerable<T> tokens, int room)
    {
        var text = "";
        foreach (var token in tokens)
        {
            if ((text = Encode(token)).Length <= room)
                break;
        }
        return text;
    }

    /// <summary>Reads one; null when it is none.</summary>
    public static T? Decode<T>(string text) where T : class
    {
        if (text.Length > MaxLength) return null;
        try
        {
            return JsonSerializer.Deserialize<T>(Base64Url.DecodeFromChars(text), Json);
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
