using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.Links;

/// <summary>An invitation as the list shows it.</summary>
/// <param name="Id">The key.</param>
/// <param name="Email">The e-mail address of the new account.</param>
/// <param name="Role">The role of the new account.</param>
/// <param name="InvitedBy">The name of the administrator who made the link.</param>
/// <param name="ExpiresAt">When the link expires, UTC.</param>
public sealed record InvitationRow(int Id, string Email, Role Role, string InvitedBy, DateTime ExpiresAt);

/// <summary>Invites people, for administrators. They pass the link on by hand.</summary>
public sealed class Invitations(UserManager<Person> users, TicketDb db, AdminTransaction admins, AccessLog log, TimeProvider clock)
{
    /// <summary>The most invitations at a time, expired ones included.</summary>
    public const int Max = 200;

    /// <summary>Lists open and expired invitations, newest first.</summary>
    public Task<List<InvitationRow>> ListAsync(CancellationToken cancel) => db.Invitations.OrderByDescending(i => i.Id).Take(Max)
        .Select(i => new InvitationRow(i.Id, i.Email, i.Role, i.InvitedBy!.Name, i.ExpiresAt)).ToListAsync(cancel);

    /// <summary>Invites somebody.</summary>
    /// <returns>The link, or <see cref="InvalidInput"/>, <see cref="NotAnAdmin"/>.</returns>
    public async Task<Result<OneTimeLink>> InviteAsync(Caller by, string? email, string? role, CancellationToken cancel)
    {
        if (!PersonValidator.Invite(email, role).Succeeded(out var invite, out var problem))
            return problem;
        var normalized = users.NormalizeEmail(invite.Email)!;
        return await admins.RunAsync<OneTimeLink>(by, async _ =>
        {
            if (await db.Invitations.AnyAsync(i => i.NormalizedEmail == normalized, cancel))
                return Wrong(FieldErrorCode.Invited, "This e-mail address is invited already.");
            // Checked after the invitations: if an invitation is accepted at this moment, either it or its account is found.
            if (await db.People.AnyAsync(p => p.NormalizedEmail == normalized, cancel))
                return Wrong(FieldErrorCode.Taken, "Somebody has this e-mail address already.");
            if (await db.Invitations.CountAsync(cancel) >= Max)
                return Wrong(FieldErrorCode.TooMany, "Too many invitations.");
            var invitation = new Invitation { Hash = [], Email = invite.Email, NormalizedEmail = normalized, Role = invite.Role };
            db.Invitations.Add(invitation);
            return await GiveAsync(by, AccessAction.person_invited, invitation, cancel);
        }, cancel);
    }

    /// <summary>Makes a new link for an invitation, valid for the full time. The old link ends.</summary>
    /// <returns>The link, or <see cref="InvalidLink"/> when it was used or revoked, <see cref="NotAnAdmin"/>.</returns>
    public Task<Result<OneTimeLink>> RenewAsync(Caller by, int id, CancellationToken cancel) => admins.RunAsync<OneTimeLink>(by, async _ =>
        await db.Invitations.SingleOrDefaultAsync(i => i.Id == id, cancel) is { } invitation
            ? await GiveAsync(by, AccessAction.invitation_renewed, invitation, cancel)
            : new InvalidLink(), cancel);

    /// <summary>Revokes an invitation.</summary>
    /// <returns>Its e-mail address, or <see cref="InvalidLink"/> when it was used or revoked, <see cref="NotAnAdmin"/>.</returns>
    public Task<Result<string>> RevokeAsync(Caller by, int id, CancellationToken cancel) => admins.RunAsync<string>(by, async _ =>
    {
        var invitation = await db.Invitations.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id, cancel);
        if (invitation is null || !await EndAsync(by, invitation, cancel))
            return new InvalidLink();
        await db.SaveChangesAsync(cancel);
        return invitation.Email;
    }, cancel);

    /// <summary>
    /// Revokes the invitations whose links a person made and may have kept. The caller saves the lines added to the access log.
    /// </summary>
    internal async Task RevokeMadeByAsync(int personId, Caller by, CancellationToken cancel)
    {
        var theirs = db.Invitations.AsNoTracking().Where(i => i.InvitedById == personId).OrderBy(i => i.Id);
        foreach (var invitation in await theirs.ToListAsync(cancel))
            await EndAsync(by, invitation, cancel);
    }

    /// <summary>The open invitation that a code is for; null when there is none.</summary>
    public async Task<Invitation?> FindAsync(string? code, CancellationToken cancel)
    {
        var now = clock.Now();
        return LinkCode.Hash(code) is { } hash
            ? await db.Invitations.AsNoTracking().SingleOrDefaultAsync(i => i.Hash == hash && i.ExpiresAt > now, cancel)
            : null;
    }

    // False when somebody has accepted it meanwhile.
    private async Task<bool> EndAsync(Caller by, Invitation invitation, CancellationToken cancel)
    {
        if (await db.Invitations.Where(i => i.Id == invitation.Id).ExecuteDeleteAsync(cancel) == 0)
            return false;
        log.Add(by, AccessAction.invitation_revoked, about: invitation.Email);
        return true;
    }

    private async Task<Result<OneTimeLink>> GiveAsync(Caller by, AccessAction act, Invitation invitation, CancellationToken cancel)
    {
        var code = LinkCode.Create();
        invitation.Hash = LinkCode.Hash(code)!;
        invitation.InvitedById = by.PersonId!.Value;
        invitation.CreatedAt = clock.Now();
        invitation.ExpiresAt = invitation.CreatedAt + Invitation.Lifetime;
        log.Add(by, act, about: $"{invitation.Email} ({invitation.Role})");
        try
        {
            await db.SaveChangesAsync(cancel);
            return new OneTimeLink(invitation.Email, code, invitation.ExpiresAt);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new InvalidLink(); // accepted between the read and the write
        }
    }

    private static InvalidInput Wrong(FieldErrorCode code, string message) => new([new("email", code, message)]);
}
