using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace SupportTickets.Access.Limits;

/// <summary>Who tries a password, as far as that is known. It decides which counts the attempt adds to.</summary>
public sealed class Guesser
{
    private Guesser(params (string Key, GuessLimit Limit)[] counts) =>
        Counts = [.. counts.Select(c => (SHA256.HashData(Encoding.UTF8.GetBytes(c.Key)), c.Limit))];

    /// <summary>The hashes under which it counts, in the order in which they are locked, with their limits.</summary>
    internal IReadOnlyList<(byte[] KeyHash, GuessLimit Limit)> Counts { get; }

    /// <summary>
    /// Somebody at an address. Whether there is such an account makes no difference, so that the pause does not tell. Of IPv6 the
    /// first half of the address counts: one subscriber has all that begin with it.
    /// </summary>
    /// <param name="normalizedEmail">Of the account.</param>
    /// <param name="address">Where the attempt comes from; null where that is not known.</param>
    public static Guesser At(string normalizedEmail, string? address) =>
        new(($"address {Network(address)} {normalizedEmail}", GuessLimit.OfPlace), ($"account {normalizedEmail}", GuessLimit.OfAccount));

    /// <summary>A device on which the person signed in before: what others try does not slow it down.</summary>
    public static Guesser On(int personId, Guid device) =>
        new((string.Create(CultureInfo.InvariantCulture, $"device {personId} {device:N}"), GuessLimit.OfPlace));

    /// <summary>A session of the person that is asked for the password again.</summary>
    public static Guesser InSession(int personId) =>
        new((string.Create(CultureInfo.InvariantCulture, $"session {personId}"), GuessLimit.OfPlace));

    private static string Network(string? address)
    {
        if (!IPAddress.TryParse(address, out var ip)) return "";
        var bytes = ip.GetAddressBytes();
        return Convert.ToHexStringLower(ip.AddressFamily is AddressFamily.InterNetworkV6 ? bytes.AsSpan(0, bytes.Length / 2) : bytes);
    }
}
