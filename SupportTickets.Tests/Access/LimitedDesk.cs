using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Access;

/// <summary>A desk that takes tickets from anybody, behind proxies in 10.0.0.0/8.</summary>
public sealed class LimitedDesk : IAsyncLifetime
{
    /// <summary>What one address, stranger or token may do in a day.</summary>
    public const int SignIns = 3, Submissions = 3, Requests = 6;

    /// <summary>The desk.</summary>
    public Desk Desk { get; private set; } = null!;

    /// <summary>Works on its passwords.</summary>
    public CountingHasher Hasher { get; } = new();

    /// <inheritdoc />
    public async ValueTask InitializeAsync() => Desk = await Desk.StartAsync(
        Provider.Sqlite, services: services => services.AddTestAddresses().AddSingleton<IPasswordHasher<Person>>(Hasher), settings:
        [
            ("ACCESS", "submit"), ("TRUSTED_PROXIES", "10.0.0.0/8"),
            ("RATE_LIMIT_SIGN_IN", $"{SignIns}/day"), ("RATE_LIMIT_ANONYMOUS", $"{Submissions}/day"),
            ("RATE_LIMIT_API", $"{Requests}/day"),
        ]);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Desk.DisposeAsync();
}

/// <summary>Counts how often a password is worked on.</summary>
public sealed class CountingHasher : IPasswordHasher<Person>
{
    private readonly PasswordHasher<Person> _hasher = new();

    /// <summary>How often that was.</summary>
    public int Count { get; private set; }

    /// <inheritdoc />
    public string HashPassword(Person user, string password)
    {
        Count++;
        return _hasher.HashPassword(user, password);
    }

    /// <inheritdoc />
    public PasswordVerificationResult VerifyHashedPassword(Person user, string hashedPassword, string providedPassword)
    {
        Count++;
        return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }
}
