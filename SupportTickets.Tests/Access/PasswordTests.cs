using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Access;

/// <summary>How passwords are stored.</summary>
public sealed class PasswordTests
{
    private const int Version3 = 1, HmacSha512 = 2;

    [Fact]
    public async Task A_password_is_stored_as_a_hash_that_takes_long_to_compute()
    {
        // All other desks of the tests hash quickly; this one hashes as the product does.
        await using var desk = await Desk.StartAsync(
            Provider.Sqlite, services: services => services.RemoveAll<IPostConfigureOptions<PasswordHasherOptions>>());
        await desk.AddPersonAsync(Role.agent);

        await using var db = desk.Database.Open();
        var stored = await db.Set<Person>().Select(person => person.PasswordHash!).SingleAsync(TestContext.Current.CancellationToken);
        var hash = Convert.FromBase64String(stored);
        // The format of ASP.NET Core Identity: a byte of its version, then the hash function and the iterations in network byte order.
        Assert.Equal(Version3, hash[0]);
        Assert.Equal(HmacSha512, BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(1)));
        Assert.InRange(BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(5)), 210_000, int.MaxValue);
    }
}
