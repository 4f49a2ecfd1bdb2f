using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SupportTickets.Access.Accounts;
using SupportTickets.Access.Gate;
using SupportTickets.Access.Limits;
using SupportTickets.Access.Links;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Access.Sessions;
using SupportTickets.Access.Tokens;
using SupportTickets.Configuration;
using SupportTickets.Data;

namespace SupportTickets.Access;

/// <summary>Authentication and authorization. The reasons: docs/decisions/0014-access.md.</summary>
public static class AccessFeature
{
    /// <summary>Registers the services.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, Settings settings)
    {
        services.AddIdentityCore<Person>().AddUserStore<UserOnlyStore<Person, TicketDb, int>>();
        // PBKDF2 with SHA-512, as OWASP advises (Password Storage Cheat Sheet).
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 210_000);
        // PersonValidator has the rules, and the database has the unique indexes.
        services.RemoveAll<IUserValidator<Person>>().RemoveAll<IPasswordValidator<Person>>();
        services.AddAuthentication()
            .AddCookie(SessionCookie.Scheme, cookie => SessionCookie.Configure(cookie, settings))
            .AddScheme<AuthenticationSchemeOptions, TokenScheme>(TokenScheme.Name, null);
        return services
            .AddScoped<SessionCookie>()
            .AddSingleton<TokenUse>()
            .AddSingleton<CredentialRecheck>()
            .AddSingleton<SetupLink>()
            .AddSingleton(new AddressBuckets(RandomNumberGenerator.GetBytes(16)))
            .AddSingleton<RateLimits>()
            .AddSingleton<KnownDevices>()
            .AddScoped<AccessLog>()
            .AddScoped<PasswordAttempts>()
            .AddScoped<EndedSessions>()
            .AddScoped<CreatePerson>()
            .AddScoped<SignIn>()
            .AddScoped<Account>()
            .AddScoped<TokenStore>()
            .AddScoped<AdminTransaction>()
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
