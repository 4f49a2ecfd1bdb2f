using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SupportTickets.Tickets.Changes;

namespace SupportTickets.OData.Request;

/// <summary>
/// The encoding of $skiptoken and $deltatoken: JSON in base64url, with a fingerprint of their query. Change marks in it are encrypted.
/// </summary>
internal sealed class OpaqueTokens(MarkSeal seal)
{
    /// <summary>The most characters of a token that is decoded.</summary>
    public const int MaxLength = 4096;

    /// <summary>
    /// The most characters of a link, unless the request's own URL is already longer. No client, proxy or log is known to cut a URL
    /// of this length.
    /// </summary>
    public const int MaxLink = 2000;

    /// <summary>Allows INF and NaN, which can be sort values, and does not escape letters, to keep tokens short.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly JsonSerializerOptions _sealing = new(Json) { Converters = { new SealedMark(seal) } };

    /// <summary>Encodes a token for a URL.</summary>
    public string Encode<T>(T token) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(token, _sealing));

    /// <summary>
    /// Encodes the first of several tokens, from the most to the least complete, that fits the given length; the last if none
    /// does.
    /// </summary>
    public string EncodeFitting<T>(IEnumerable<T> tokens, int room)
    {
        var text = "";
        foreach (var token in tokens)
        {
            if ((text = Encode(token)).Length <= room)
                break;
        }
        return text;
    }

    /// <summary>Decodes a token; null when the text is not a token.</summary>
    public T? Decode<T>(string text) where T : class
    {
        if (text.Length > MaxLength) return null;
        try
        {
            return JsonSerializer.Deserialize<T>(Base64Url.DecodeFromChars(text), _sealing);
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>A fingerprint of a query, made from the parts that decide on its rows.</summary>
    public static string Fingerprint(params string?[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))).AsSpan(0, 8));

    private sealed class SealedMark(MarkSeal seal) : JsonConverter<ChangeMark>
    {
        public override ChangeMark Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String ? seal.Open(reader.GetString()) ?? ChangeMark.Unreadable
                : throw new JsonException("A change mark is a text.");

        public override void Write(Utf8JsonWriter writer, ChangeMark value, JsonSerializerOptions options) =>
            writer.WriteStringValue(seal.Seal(value));
    }
}
