using System.Globalization;
using Microsoft.AspNetCore.Identity;
using SupportTickets.Data;
using SupportTickets.Tickets;

namespace SupportTickets.Access;

/// <summary>The account was changed by somebody else meanwhile; nothing was written.</summary>
public sealed record StalePerson : Problem;

/// <summary>What people do with their own account.</summary>
public sealed class Account(UserManager<Person> users, TicketDb db, PasswordAttempts attempts, AccessLog log)
{
    /// <summary>The caller's account.</summary>
    public async Task<Person> FindAsync(Caller by) =>
        await users.FindByIdAsync(by.PersonId!.Value.ToString(CultureInfo.InvariantCulture)) ?? throw new InvalidOperationException("A session names a person that is gone.");

    /// <summary>Changes the name; what is in the history already keeps the old one.</summary>
    /// <returns>The person, or <see cref="InvalidInput"/>, <see cref="StalePerson"/>.</returns>
    public async Task<Result<Person>> RenameAsync(Caller by, string? name)
    {
        if (!PersonValidator.Name(name).Succeeded(out var checkedName, out var problem))
            return problem;
        var person = await FindAsync(by);
        if (person.Name == checkedName)
            return person;
        log.Add(by, AccessAct.name_changed, person, checkedName);
        person.Name = checkedName;
        return Of(person, await users.UpdateAsync(person));
    }

    /// <summary>Changes the password, which ends all sessions.</summary>
    /// <param name="by">The caller.</param>
    /// <param name="current">The password as it is; guessing it counts as guessing to sign in.</param>
    /// <param name="next">The new one.</param>
    /// <param name="cancel">The caller went away.</param>
    /// <returns>The person, or <see cref="InvalidInput"/>, <see cref="StalePerson"/>.</returns>
    public async Task<Result<Person>> ChangePasswordAsync(Caller by, string? current, string? next, CancellationToken cancel)
    {
        var person = await FindAsync(by);
        if (!PersonValidator.Password(next, person.Email).Succeeded(out var password, out var problem))
            return problem;
        if (!await attempts.TakeAsync(person.Id, cancel))
            return new InvalidInput([new("current", FieldErrorCode.TooMany, "Too many attempts.")]);
        if (!await users.CheckPasswordAsync(person, current ?? ""))
            return new InvalidInput([new("current", FieldErrorCode.Wrong, "This is not the password.")]);
        var hash = users.PasswordHasher.HashPassword(person, password); // slow, so before the transaction
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await attempts.ForgiveAsync(person.Id, cancel);
        log.Add(by, AccessAct.password_changed, person);
        person.PasswordHash = hash;
        var changed = Of(person, await users.UpdateSecurityStampAsync(person));
        if (changed.Problem is null)
            await transaction.CommitAsync(cancel);
        return changed;
    }

    /// <summary>Ends all sessions, this one too; tokens stay.</summary>
    /// <returns>The person, or <see cref="StalePerson"/>.</returns>
    public async Task<Result<Person>> SignOutEverywhereAsync(Caller by)
    {
        var person = await FindAsync(by);
        log.Add(by, AccessAct.signed_out_everywhere, person);
        return Of(person, await users.UpdateSecurityStampAsync(person));
    }

    /// <summary>Keeps that the caller signed out in one browser.</summary>
    public async Task SignedOutAsync(Caller by, CancellationToken cancel)
    {
        log.Add(by, AccessAct.signed_out, await FindAsync(by));
        await db.SaveChangesAsync(cancel);
    }

    private static Result<Person> Of(Person person, IdentityResult result) => result.Succeeded ? person : new StalePerson();
}
