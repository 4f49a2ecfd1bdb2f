using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access.Limits;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Access.Sessions;
using SupportTickets.Access.Tokens;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.Accounts;

/// <summary>What people do with their own account.</summary>
public sealed class Account(
    UserManager<Person> users, TicketDb db, PasswordAttempts attempts, TokenStore tokens, EndedSessions sessions, AccessLog log)
{
    /// <summary>The caller's account.</summary>
    public async Task<Person> FindAsync(Caller by) =>
        await users.FindByIdAsync(by.PersonId!.Value.ToString(CultureInfo.InvariantCulture))
            ?? throw new InvalidOperationException("A session names a person that is gone.");

    /// <summary>Changes the name. Entries already in the history keep the old one.</summary>
    /// <returns>The person, or <see cref="InvalidInput"/>, <see cref="StalePerson"/>.</returns>
    public async Task<Result<Person>> RenameAsync(Caller by, string? name)
    {
        if (!PersonValidator.Name(name).Succeeded(out var checkedName, out var problem))
            return problem;
        var person = await FindAsync(by);
        if (person.Name == checkedName)
            return person;
        log.Add(by, AccessAction.name_changed, person, checkedName);
        person.Name = checkedName;
        return Of(person, await users.UpdateAsync(person));
    }

    /// <summary>Changes the password, which ends all sessions.</summary>
    /// <param name="by">The caller.</param>
    /// <param name="current">The current password. A wrong one counts as an attempt to guess it, as at sign-in.</param>
    /// <param name="next">The new password.</param>
    /// <param name="endTokens">Whether the person's tokens are revoked too.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The person, or <see cref="InvalidInput"/>, <see cref="SlowedDown"/>, <see cref="StalePerson"/>.</returns>
    public async Task<Result<Person>> ChangePasswordAsync(
        Caller by, string? current, string? next, bool endTokens, CancellationToken cancel)
    {
        var guesser = Guesser.InSession(by.PersonId!.Value);
        var person = await FindAsync(by);
        if (!PersonValidator.Password(next, person.Email).Succeeded(out var password, out var problem))
            return problem;
        if (await attempts.TakeAsync(guesser, cancel) is { } wait)
            return new SlowedDown(wait);
        if (!await users.CheckPasswordAsync(person, current ?? ""))
            return new InvalidInput([new("current", FieldErrorCode.Wrong, "This is not the password.")]);
        var hash = users.PasswordHasher.HashPassword(person, password); // slow, so before the transaction
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await attempts.ForgiveAsync(guesser, cancel);
        log.Add(by, AccessAction.password_changed, person);
        if (endTokens)
            await tokens.RevokeAllOfAsync(by, person, cancel);
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
        log.Add(by, AccessAction.signed_out_everywhere, person);
        return Of(person, await users.UpdateSecurityStampAsync(person));
    }

    /// <summary>
    /// Ends the session of the caller, including every copy of its cookie. A session that began before sessions had ids ends
    /// together with all other sessions of the person.
    /// </summary>
    public async Task SignOutAsync(Caller by, CancellationToken cancel)
    {
        var person = await FindAsync(by);
        log.Add(by, AccessAction.signed_out, person);
        if (by.SessionId is { } session)
            sessions.Add(session);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException error) when (DatabaseConflict.Is(error))
        {
            return; // two requests ended it at the same time
        }
        if (by.SessionId is null)
        {
            var (stamp, version) = ($"{Guid.NewGuid():N}", $"{Guid.NewGuid()}");
            await db.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(
                set => set.SetProperty(p => p.SecurityStamp, stamp).SetProperty(p => p.ConcurrencyStamp, version), cancel);
        }
    }

    private static Result<Person> Of(Person person, IdentityResult result) => result.Succeeded ? person : new StalePerson();
}
