using Microsoft.AspNetCore.Identity;
using SupportTickets.Access.Limits;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.Accounts;

/// <summary>Nobody signed in: no such account, a wrong password, a closed account. The caller is not told which.</summary>
public sealed record NotSignedIn : Problem;

/// <summary>
/// Nobody signed in, and the password was not looked at, because wrong ones were tried too often. The answer is the same for
/// accounts that do not exist.
/// </summary>
/// <param name="Wait">After how long the next attempt is allowed.</param>
public sealed record SlowedDown(TimeSpan Wait) : Problem;

/// <summary>Checks who somebody is by e-mail address and password. The session is begun by whoever asks.</summary>
public sealed class SignIn(UserManager<Person> users, TicketDb db, PasswordAttempts attempts, AccessLog log)
{
    private static string? _someHash;

    /// <summary>Checks them.</summary>
    /// <param name="email">As entered.</param>
    /// <param name="password">As entered.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="deviceOf">The device that it comes from, if the person with this id signed in there before; else null.</param>
    /// <param name="cancel">The caller went away.</param>
    /// <returns>
    /// The person, or <see cref="NotSignedIn"/>, <see cref="SlowedDown"/>, which take as long whether there is such an account or not.
    /// </returns>
    public async Task<Result<Person>> HandleAsync(
        string email, string password, Caller by, Func<int, Guid?> deviceOf, CancellationToken cancel)
    {
        var isAddress = PersonValidator.IsEmail(email);
        var person = isAddress ? await users.FindByEmailAsync(email) : null;
        var guesser = person is not null && deviceOf(person.Id) is { } device
            ? Guesser.On(person.Id, device)
            : Guesser.At(users.NormalizeEmail(email), by.Address);
        if (isAddress && await attempts.TakeAsync(guesser, cancel) is { } wait)
            return await FailedAsync(by, person, email, new SlowedDown(wait), cancel);
        if (person is null)
        {
            _someHash ??= users.PasswordHasher.HashPassword(null!, "a password that nobody has");
            users.PasswordHasher.VerifyHashedPassword(null!, _someHash, password);
            return await FailedAsync(by, null, isAddress ? email : "", new NotSignedIn(), cancel);
        }
        if (!await users.CheckPasswordAsync(person, password) || person.DeactivatedAt is not null)
            return await FailedAsync(by, person, email, new NotSignedIn(), cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await attempts.ForgiveAsync(guesser, cancel);
        await attempts.SignedInAsync(person.Id, cancel);
        log.Add(by.As(person), AccessAction.signed_in, person);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return person;
    }

    // What was entered is kept only where it is an address: people enter passwords in the wrong field.
    private async Task<Result<Person>> FailedAsync(Caller by, Person? person, string email, Problem why, CancellationToken cancel)
    {
        log.Add(by, AccessAction.sign_in_failed, person, person?.Name ?? email);
        await db.SaveChangesAsync(cancel);
        return why;
    }
}
