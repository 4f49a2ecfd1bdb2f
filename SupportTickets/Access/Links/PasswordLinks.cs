using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access.Limits;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Access.Tokens;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.Links;

/// <summary>
/// Makes and uses links that set a new password, for people who forgot theirs. An administrator passes the link on by hand.
/// </summary>
public sealed class PasswordLinks(
    UserManager<Person> users, TicketDb db, AdminTransaction admins, PasswordAttempts attempts, TokenStore tokens, AccessLog log,
    TimeProvider clock)
{
    /// <summary>Makes a link; an earlier one for the same person ends.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="personId">For whom.</param>
    /// <param name="stamp">The concurrency stamp of the person as the caller saw them.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The link, or <see cref="PersonNotFound"/>, <see cref="StalePerson"/>, also for a deactivated account,
    /// <see cref="NotAnAdmin"/>.</returns>
    public Task<Result<OneTimeLink>> CreateAsync(Caller by, int personId, string? stamp, CancellationToken cancel) =>
        admins.RunAsync<OneTimeLink>(by, async _ =>
        {
            var person = await db.People.SingleOrDefaultAsync(p => p.Id == personId, cancel);
            if (person is null)
                return new PersonNotFound();
            if (person.ConcurrencyStamp != stamp || person.DeactivatedAt is not null)
                return new StalePerson();
            await DeleteForAsync(personId, cancel);
            var (code, until) = (LinkCode.Create(), clock.Now() + PasswordLink.Lifetime);
            db.PasswordLinks.Add(new()
            {
                PersonId = personId,
                Hash = LinkCode.Hash(code)!,
                MadeById = by.PersonId!.Value,
                ExpiresAt = until,
            });
            log.Add(by, AccessAction.password_link_made, person);
            await db.SaveChangesAsync(cancel);
            return new OneTimeLink(person.Email!, code, until);
        }, cancel);

    /// <summary>The person whose password a code can set; null when it can set none.</summary>
    public async Task<Person?> FindAsync(string? code, CancellationToken cancel) =>
        LinkCode.Hash(code) is { } hash ? await Open(hash).Select(l => l.Person).SingleOrDefaultAsync(cancel) : null;

    /// <summary>Sets the password, which uses up the link and ends all sessions. If several callers try at once, one succeeds.</summary>
    /// <param name="code">From the link.</param>
    /// <param name="password">As entered.</param>
    /// <param name="endTokens">Whether the person's tokens are revoked too.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The person, or <see cref="InvalidInput"/>, <see cref="InvalidLink"/>, <see cref="StalePerson"/>.</returns>
    public async Task<Result<Person>> UseAsync(string? code, string? password, bool endTokens, Caller by, CancellationToken cancel)
    {
        if (await FindAsync(code, cancel) is not { } person)
            return new InvalidLink();
        if (!PersonValidator.Password(password, person.Email).Succeeded(out var checkedPassword, out var problem))
            return problem;
        var hash = users.PasswordHasher.HashPassword(person, checkedPassword); // slow, so before the transaction
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await Open(LinkCode.Hash(code)!).ExecuteDeleteAsync(cancel) == 0)
            return new InvalidLink();
        await attempts.SignedInAsync(person.Id, cancel);
        log.Add(by.As(person), AccessAction.password_link_used, person);
        if (endTokens)
            await tokens.RevokeAllOfAsync(by.As(person), person, cancel);
        person.PasswordHash = hash;
        if (!(await users.UpdateSecurityStampAsync(person)).Succeeded)
            return new StalePerson();
        await transaction.CommitAsync(cancel);
        return person;
    }

    /// <summary>Deletes the link for a person.</summary>
    internal Task DeleteForAsync(int personId, CancellationToken cancel) =>
        db.PasswordLinks.Where(l => l.PersonId == personId).ExecuteDeleteAsync(cancel);

    /// <summary>Deletes the links that a person made and may have kept.</summary>
    internal Task DeleteMadeByAsync(int personId, CancellationToken cancel) =>
        db.PasswordLinks.Where(l => l.MadeById == personId).ExecuteDeleteAsync(cancel);

    private IQueryable<PasswordLink> Open(byte[] hash)
    {
        var now = clock.Now();
        return db.PasswordLinks.Where(l => l.Hash == hash && l.ExpiresAt > now);
    }
}
