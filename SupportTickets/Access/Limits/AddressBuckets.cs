using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SupportTickets.Access.Limits;

/// <summary>
/// The buckets in which IP addresses are counted. Their number is fixed, so that many addresses cannot exhaust memory. Two
/// addresses may share a bucket by chance; nobody outside can know which two.
/// </summary>
/// <param name="seed">16 random bytes, made anew by each process.</param>
internal sealed class AddressBuckets(byte[] seed)
{
    /// <summary>How many there are.</summary>
    public const int Count = 65_536;

    private const int AddressLength = 16;

    // The first half of an IPv6 address: one subscriber owns all addresses with the same first half.
    private const int NetworkLength = 8;

    /// <summary>The bucket of an address, counted from 0; a connection without an address (null) has one too.</summary>
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
