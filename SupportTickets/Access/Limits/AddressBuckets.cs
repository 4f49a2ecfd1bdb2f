using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SupportTickets.Access.Limits;

/// <summary>
/// The buckets in which addresses are counted. Their number is fixed, so that no number of addresses makes the memory grow.
/// Two addresses may share a bucket by chance; nobody outside can know which two.
/// </summary>
/// <param name="seed">Of this process; 16 random bytes.</param>
internal sealed class AddressBuckets(byte[] seed)
{
    /// <summary>How many there are.</summary>
    public const int Count = 65_536;

    private const int AddressLength = 16;

    // Of IPv6 the first half: one subscriber has all addresses that begin with it.
    private const int NetworkLength = 8;

    /// <summary>The bucket of an address, from 0; null is a connection that has none.</summary>
    public int Of(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true }) address = address.MapToIPv4();
        Span<byte> text = stackalloc byte[seed.Length + AddressLength];
        seed.CopyTo(text);
        var length = 0;
        address?.TryWriteBytes(text[seed.Length..], out length);
        if (address is { AddressFamily: AddressFamily.InterNetworkV6 }) length = NetworkLength;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..(seed.Length + length)], hash);
        return (int)(BinaryPrimitives.ReadUInt32LittleEndian(hash) % Count);
    }
}
