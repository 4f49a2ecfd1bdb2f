using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access.Links;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Access.Tokens;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.Accounts;

/// <summary>
/// What administrators do with accounts, their own included. Each change is refused if the account changed since the caller saw it,
/// and ends the sessions, tokens and links that would still let the person, or somebody they gave a link to, in.
/// </summary>
public sealed class ChangePerson(
    UserManager<Person> users, TicketDb db, AdminTransaction admins, Invitations invitations, PasswordLinks passwordLinks,
    TokenStore tokens, AccessLog log, TimeProvider clock)
{
    /// <summary>Gives a person another role, which applies from the next request on.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="id">The person.</param>
    /// <param name="stamp">The concurrency stamp of the person as the caller saw them.</param>
    /// <param name="role">A <see cref="Role"/> by name.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The person, or <see cref="InvalidInput"/>, <see cref="PersonNotFound"/>, <see cref="StalePerson"/>,
    /// <see cref="LastAdmin"/>, <see cref="NotAnAdmin"/>.</returns>
    public async Task<Result<Person>> SetRoleAsync(Caller by, int id, string? stamp, string? role, CancellationToken cancel)
    {
        if (!PersonValidator.Role(role).Succeeded(out var next, out var problem))
            return problem;
        return await ChangeAsync(by, id, stamp, async (person, isLast) =>
        {
            if (person.Role == next)
                return null;
            if (isLast)
                return new LastAdmin();
            if (person.Role == Role.admin)
                await EndLinksMadeByAsync(person, by, cancel);
            log.Add(by, AccessAction.role_changed, person, $"{person.Name}: {person.Role} to {next}");
            person.Role = next;
            return await StoreAsync(person, users.UpdateAsync);
        }, cancel);
    }

    /// <summary>Deactivates an account: its sessions and tokens end at once and for good, and nobody can sign in to it.</summary>
    /// <inheritdoc cref="SetRoleAsync" path="/param" />
    /// <returns>The person, or <see cref="PersonNotFound"/>, <see cref="StalePerson"/>, <see cref="LastAdmin"/>,
    /// <see cref="NotAnAdmin"/>.</returns>
    public Task<Result<Person>> DeactivateAsync(Caller by, int id, string? stamp, CancellationToken cancel) =>
        ChangeAsync(by, id, stamp, async (person, isLast) =>
        {
            if (person.DeactivatedAt is not null)
                return null;
            if (isLast)
                return new LastAdmin();
            await passwordLinks.DeleteForAsync(id, cancel);
            await EndLinksMadeByAsync(person, by, cancel);
            log.Add(by, AccessAction.person_deactivated, person);
            await tokens.RevokeAllOfAsync(by, person, cancel);
            person.DeactivatedAt = clock.Now();
            return await StoreAsync(person, users.UpdateSecurityStampAsync);
        }, cancel);

    /// <summary>Reactivates an account. Its password is unchanged; tokens have to be made again.</summary>
    /// <inheritdoc cref="DeactivateAsync" path="/param" />
    /// <returns>The person, or <see cref="PersonNotFound"/>, <see cref="StalePerson"/>, <see cref="NotAnAdmin"/>.</returns>
    public Task<Result<Person>> ReactivateAsync(Caller by, int id, string? stamp, CancellationToken cancel) =>
        ChangeAsync(by, id, stamp, async (person, _) =>
        {
            if (person.DeactivatedAt is null)
                return null;
            log.Add(by, AccessAction.person_reactivated, person);
            person.DeactivatedAt = null;
            return await StoreAsync(person, users.UpdateAsync);
        }, cancel);

    private Task<Result<Person>> ChangeAsync(
        Caller by, int id, string? stamp, Func<Person, bool, Task<Problem?>> change, CancellationToken cancel) =>
        admins.RunAsync<Person>(by, async all =>
        {
            var person = await db.People.SingleOrDefaultAsync(p => p.Id == id, cancel);
            if (person is null)
                return new PersonNotFound();
            if (person.ConcurrencyStamp != stamp)
                return new StalePerson();
            return await change(person, all is [var only] && only == id) is { } problem ? problem : person;
        }, cancel);

    // Before the person is stored: using a link locks first the link and then the person. Two transactions that lock in the same
    // order cannot deadlock.
    private async Task EndLinksMadeByAsync(Person person, Caller by, CancellationToken cancel)
    {
        await passwordLinks.DeleteMadeByAsync(person.Id, cancel);
        await invitations.RevokeMadeByAsync(person.Id, by, cancel);
    }

    private static async Task<Problem?> StoreAsync(Person person, Func<Person, Task<IdentityResult>> store) =>
        (await store(person)).Succeeded ? null : new StalePerson();
}
