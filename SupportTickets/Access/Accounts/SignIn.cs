using Microsoft.AspNetCore.Identity;
using SupportTickets.Access.Limits;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.Accounts;

/// <summary>
/// The sign-in failed: there is no such account, the password is wrong, or the account is deactivated. The caller is not told
/// which.
/// </summary>
public sealed record NotSignedIn : Problem;

/// <summary>
/// The sign-in was refused without checking the password, because wrong ones were tried too often. The answer is the same for
/// accounts that do not exist.
/// </summary>
/// <param name="Wait">The time until the next attempt is allowed.</param>
public sealed record SlowedDown(TimeSpan Wait) : Problem;

/// <summary>Identifies a person by e-mail address and password. The caller of this class begins the session.</summary>
public sealed class SignIn(UserManager<Person> users, TicketDb db, PasswordAttempts attempts, AccessLog log)
{
    private static string? _someHash;

    /// <summary>Checks an e-mail address and a password.</summary>
    /// <param name="email">As entered.</param>
    /// <param name="password">As entered.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="deviceOf">Gives the device of the request if the person with this id signed in there before; else null.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>
    /// The person, or <see cref="NotSignedIn"/>, <see cref="SlowedDown"/>. Either takes the same time whether the account exists or not.
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

    // The log keeps the entered text only if it is an e-mail address: people enter passwords in the wrong field.
    private async Task<Result<Person>> FailedAsync(Caller by, Person? person, string email, Problem why, CancellationToken cancel)
    {
        log.Add(by, AccessAction.sign_in_failed, person, person?.Name ?? email);
        await db.SaveChangesAsync(cancel);
        return why;
    }
}
