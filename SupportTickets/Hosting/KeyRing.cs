using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using SupportTickets.Configuration;
using SupportTickets.Data;

namespace SupportTickets.Hosting;

/// <summary>
/// The keys that protect forms and cookies. They are in the database, so that every instance accepts what another one issued.
/// </summary>
internal static class KeyRing
{
    /// <summary>Adds the keys. With a SECRET_KEY they are encrypted at rest, so that a copy of the database alone reveals none.</summary>
    public static void AddKeyRing(this IServiceCollection services, Settings settings)
    {
        services.AddDataProtection().SetApplicationName("SupportTickets").PersistKeysToDbContext<TicketDb>();
        services.AddSingleton<KeyRingWarning>();
        services.AddSingleton<KeyGate>();
        services.AddSingleton<IAfterMigration, FirstKey>();
        services.AddOptions<KeyManagementOptions>()
            .PostConfigure<KeyGate>((options, gate) => options.XmlRepository = new GatedKeys(options.XmlRepository!, gate));
        if (settings.SecretKey is { } secret)
            services.Configure<KeyManagementOptions>(options => options.XmlEncryptor = new SecretKeyXmlEncryptor(secret));
    }
}

/// <summary>
/// AES-256-GCM under a key that HKDF-SHA256 (RFC 5869) derives from SECRET_KEY and a salt per element.
/// Stored: salt (16 bytes), nonce (12), tag (16), ciphertext, as base64.
/// </summary>
internal static class SecretKeyCipher
{
    private const int SaltSize = 16, NonceSize = 12, TagSize = 16, KeySize = 32;

    private static readonly byte[] Purpose = "SupportTickets key ring v1"u8.ToArray();

    public static string Seal(string secret, string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var sealedBytes = new byte[SaltSize + NonceSize + TagSize + plain.Length];
        var (salt, nonce, tag, cipher) = Parts(sealedBytes);
        RandomNumberGenerator.Fill(salt.Span);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(Key(secret, salt.Span), TagSize);
        aes.Encrypt(nonce.Span, plain, cipher.Span, tag.Span);
        CryptographicOperations.ZeroMemory(plain);
        return Convert.ToBase64String(sealedBytes);
    }

    /// <exception cref="CryptographicException">The text was encrypted with another secret, or was changed.</exception>
    public static string Open(string secret, string text)
    {
        var sealedBytes = Convert.FromBase64String(text);
        if (sealedBytes.Length < SaltSize + NonceSize + TagSize) throw new CryptographicException("Too short.");
        var (salt, nonce, tag, cipher) = Parts(sealedBytes);
        var plain = new byte[cipher.Length];
        using var aes = new AesGcm(Key(secret, salt.Span), TagSize);
        aes.Decrypt(nonce.Span, cipher.Span, tag.Span, plain);
        return Encoding.UTF8.GetString(plain);
    }

    private static byte[] Key(string secret, ReadOnlySpan<byte> salt)
    {
        var key = new byte[KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), key, salt, Purpose);
        return key;
    }

    private static (Memory<byte> Salt, Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Cipher) Parts(Memory<byte> all) =>
        (all[..SaltSize], all.Slice(SaltSize, NonceSize), all.Slice(SaltSize + NonceSize, TagSize),
            all[(SaltSize + NonceSize + TagSize)..]);
}

/// <summary>Encrypts a key before it is stored.</summary>
internal sealed class SecretKeyXmlEncryptor(string secret) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(
        new XElement("sealedKey",
            new XElement("value", SecretKeyCipher.Seal(secret, plaintextElement.ToString(SaveOptions.DisableFormatting)))),
        typeof(SecretKeyXmlDecryptor));
}

/// <summary>Logs only once that stored keys cannot be decrypted, although they are tried again and again.</summary>
internal sealed class KeyRingWarning(ILogger<KeyRingWarning> log)
{
    private int _said;

    public void Log()
    {
        if (Interlocked.Exchange(ref _said, 1) == 0)
        {
            log.LogError("A key in the database cannot be decrypted: SECRET_KEY is not the one it was stored with. New keys are made: "
                + "everybody signs in again, and forms that are open in a browser must be loaded again");
        }
    }
}

/// <summary>Decrypts a stored key. The stored XML names this type, so neither it nor its namespace may be renamed.</summary>
internal sealed class SecretKeyXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var secret = services.GetRequiredService<Settings>().SecretKey;
        try
        {
            if (secret is null) throw new CryptographicException("There is no SECRET_KEY.");
            return XElement.Parse(SecretKeyCipher.Open(secret, (string?)encryptedElement.Element("value") ?? ""));
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            services.GetRequiredService<KeyRingWarning>().Log();
            throw new CryptographicException("SECRET_KEY does not open this key.", error);
        }
    }
}
