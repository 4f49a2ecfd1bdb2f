using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SupportTickets.Configuration;
using SupportTickets.Data;

namespace SupportTickets.Access;

/// <summary>Who may come in, and what they may do. Why it is so: docs/decisions/0014-access.md.</summary>
public static class AccessFeature
{
    /// <summary>Registers it.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, Settings settings)
    {
        services.AddIdentityCore<Person>().AddUserStore<UserOnlyStore<Person, TicketDb, int>>();
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 210_000); // PBKDF2 with SHA-512, as OWASP advises (Password Storage Cheat Sheet)
        // The rules are PersonValidator's, and the database's for what must be unique.
        services.RemoveAll<IUserValidator<Person>>().RemoveAll<IPasswordValidator<Person>>();
        services.AddAuthentication()
            .AddCookie(Sessions.Scheme, cookie => Sessions.Configure(cookie, settings))
            .AddScheme<AuthenticationSchemeOptions, TokenScheme>(TokenScheme.Name, null);
        return services
            .AddScoped<Sessions>()
            .AddSingleton<TokenUse>()
            .AddSingleton<StandingRight>()
            .AddSingleton<SetupLink>()
            .AddSingleton(new AddressPlaces(RandomNumberGenerator.GetBytes(16)))
            .AddSingleton<RateLimits>()
            .AddSingleton<KnownDevices>()
            .AddScoped<AccessLog>()
            .AddScoped<PasswordAttempts>()
            .AddScoped<EndedSessions>()
            .AddScoped<CreatePerson>()
            .AddScoped<SignIn>()
            .AddScoped<Account>()
            .AddScoped<Tokens>()
            .AddScoped<AdminWork>()
            .AddScoped<PeopleList>()
            .AddScoped<ChangePerson>()
            .AddScoped<Invitations>()
            .AddScoped<PasswordLinks>()
            .AddScoped<AccessLogList>()
            .AddScoped<TrimAccessLog>()
            .AddHostedService<FirstStart>()
            .AddHostedService<AccessLogWorker>();
    }

    /// <summary>Puts the gate in front of every endpoint; after routing.</summary>
    public static void UseAccess(this WebApplication app) => app.UseMiddleware<AccessGate>();
}
