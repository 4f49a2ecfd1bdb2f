using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace SupportTickets.Access.Limits;

/// <summary>The source of an attempt to enter a password, as far as it is known. It decides which counts the attempt adds to.</summary>
public sealed class Guesser
{
    private Guesser(params (string Key, GuessLimit Limit)[] counts) =>
        Counts = [.. counts.Select(c => (SHA256.HashData(Encoding.UTF8.GetBytes(c.Key)), c.Limit))];

    /// <summary>The keys of its counts, in the order in which they are locked, with their limits.</summary>
    internal IReadOnlyList<(byte[] KeyHash, GuessLimit Limit)> Counts { get; }

    /// <summary>
    /// Somebody at an IP address. Accounts that do not exist are counted in the same way, so that a pause does not reveal which
    /// exist. Only the first half of an IPv6 address counts: one subscriber owns all addresses with the same first half.
    /// </summary>
    /// <param name="normalizedEmail">The e-mail address of the account.</param>
    /// <param name="address">The IP address of the attempt; null where it is not known.</param>
    public static Guesser At(string normalizedEmail, string? address) =>
        new(($"address {Network(address)} {normalizedEmail}", GuessLimit.OfPlace), ($"account {normalizedEmail}", GuessLimit.OfAccount));

    /// <summary>A device on which the person signed in before. Attempts from elsewhere do not slow it down.</summary>
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
