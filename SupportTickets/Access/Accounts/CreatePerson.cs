using System.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access.Links;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.Accounts;

/// <summary>There is an account already, so this cannot be the first.</summary>
public sealed record NotTheFirst : Problem;

/// <summary>
/// Creates accounts. Validates the input and stores the account with its line of the access log in one transaction: the open one,
/// if there is one.
/// </summary>
public sealed class CreatePerson(UserManager<Person> users, TicketDb db, AccessLog log, TimeProvider clock)
{
    /// <summary>Creates an account.</summary>
    /// <param name="input">As received.</param>
    /// <param name="by">Who asks for it.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The person, or <see cref="InvalidInput"/>.</returns>
    public async Task<Result<Person>> HandleAsync(PersonInput input, Caller by, CancellationToken cancel)
    {
        if (!PersonValidator.Create(input).Succeeded(out var draft, out var problem))
            return problem;
        var person = Make(draft);
        await using var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancel) : null;
        var stored = await StoreAsync(person, by, cancel);
        if (transaction is not null && stored.Problem is null)
            await transaction.CommitAsync(cancel);
        return stored;
    }

    /// <summary>Creates the first account, an administrator. If several callers try at once, on any instance, one succeeds.</summary>
    /// <returns>The person, or <see cref="InvalidInput"/>, <see cref="NotTheFirst"/>.</returns>
    public async Task<Result<Person>> HandleFirstAsync(PersonInput input, Caller by, CancellationToken cancel)
    {
        if (!PersonValidator.Create(input with { Role = Role.admin }).Succeeded(out var draft, out var problem))
            return problem;
        var person = Make(draft);
        try
        {
            // Serializable: the database makes sure that no other transaction found the table empty and filled it.
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancel);
            if (await db.People.AnyAsync(cancel))
                return new NotTheFirst();
            var stored = await StoreAsync(person, by, cancel);
            if (stored.Problem is null)
                await transaction.CommitAsync(cancel);
            return stored;
        }
        catch (Exception error) when (DatabaseConflict.IsDeadlock(error))
        {
            return new NotTheFirst();
        }
    }

    /// <summary>
    /// Creates the account of an invited person, which uses up the invitation. If several callers try at once, one succeeds.
    /// </summary>
    /// <param name="invitation">An open invitation.</param>
    /// <param name="name">As entered.</param>
    /// <param name="password">As entered.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The person, or <see cref="InvalidInput"/>, <see cref="InvalidLink"/>.</returns>
    public async Task<Result<Person>> HandleInvitedAsync(
        Invitation invitation, string? name, string? password, Caller by, CancellationToken cancel)
    {
        if (!PersonValidator.Create(new(name, invitation.Email, password, invitation.Role)).Succeeded(out var draft, out var problem))
            return problem;
        var person = Make(draft);
        person.SignedInAt = person.CreatedAt;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // By the hash, because the invitation may have got a new link meanwhile.
        if (await db.Invitations.Where(i => i.Hash == invitation.Hash && i.ExpiresAt > person.CreatedAt).ExecuteDeleteAsync(cancel) == 0)
            return new InvalidLink();
        var stored = await StoreAsync(person, by, cancel);
        if (stored.Problem is not null)
            return stored;
        log.Add(by.As(person), AccessAction.invitation_accepted, person, invitation.Email);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return stored;
    }

    private Person Make(NewPerson draft)
    {
        var person = new Person { Name = draft.Name, Email = draft.Email, Role = draft.Role, CreatedAt = clock.Now() };
        person.PasswordHash = users.PasswordHasher.HashPassword(person, draft.Password); // slow, so before the transaction
        return person;
    }

    private async Task<Result<Person>> StoreAsync(Person person, Caller by, CancellationToken cancel)
    {
        try
        {
            var created = await users.CreateAsync(person);
            if (!created.Succeeded)
                throw new InvalidOperationException(string.Join(' ', created.Errors.Select(e => e.Description)));
            log.Add(by, AccessAction.person_created, person);
            await db.SaveChangesAsync(cancel);
            return person;
        }
        catch (DbUpdateException error) when (DatabaseConflict.Is(error) && !DatabaseConflict.IsDeadlock(error))
        {
            db.ChangeTracker.Clear();
            return new InvalidInput([new("email", FieldErrorCode.Taken, "Somebody has this e-mail address already.")]);
        }
    }
}
