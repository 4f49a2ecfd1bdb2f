using Microsoft.AspNetCore.Identity;
using SupportTickets.Data;
using SupportTickets.Tickets;

namespace SupportTickets.Access;

/// <summary>Nobody signed in: no such account, a wrong password, a closed account, too many attempts. The caller is not told which.</summary>
public sealed record NotSignedIn : Problem;

/// <summary>Checks who somebody is by e-mail address and password. The session is begun by whoever asks.</summary>
public sealed class SignIn(UserManager<Person> users, TicketDb db, PasswordAttempts attempts, AccessLog log)
{
    private static string? _someHash;

    /// <summary>Checks them.</summary>
    /// <param name="email">As entered.</param>
    /// <param name="password">As entered.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancel">The caller went away.</param>
    /// <returns>The person, or <see cref="NotSignedIn"/>, which takes as long whether there is such an account or not.</returns>
    public async Task<Result<Person>> HandleAsync(string email, string password, Caller by, CancellationToken cancel)
    {
        var isAddress = PersonValidator.IsEmail(email);
        var person = isAddress ? await users.FindByEmailAsync(email) : null;
        var mayTry = await attempts.TakeAsync(person?.Id ?? 0, cancel);
        if (person is null || !mayTry)
        {
            _someHash ??= users.PasswordHasher.HashPassword(null!, "a password that nobody has");
            users.PasswordHasher.VerifyHashedPassword(null!, _someHash, password);
            return await FailedAsync(by, person, isAddress ? email : "", cancel);
        }
        if (!await users.CheckPasswordAsync(person, password) || person.DeactivatedAt is not null)
            return await FailedAsync(by, person, email, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await attempts.SignedInAsync(person.Id, cancel);
        log.Add(by.As(person), AccessAct.signed_in, person);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return person;
    }

    // What was entered is kept only where it is an address: people enter passwords in the wrong field.
    private async Task<Result<Person>> FailedAsync(Caller by, Person? person, string email, CancellationToken cancel)
    {
        log.Add(by, AccessAct.sign_in_failed, person, person?.Name ?? email);
        await db.SaveChangesAsync(cancel);
        return new NotSignedIn();
    }
}
