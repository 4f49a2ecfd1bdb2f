using Microsoft.EntityFrameworkCore;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.Tokens;

/// <summary>A token to create, as received.</summary>
/// <param name="Name">The name.</param>
/// <param name="Scope">A <see cref="TokenScope"/> by name.</param>
/// <param name="Days">How many days it is valid: one of <see cref="TokenStore.Lifetimes"/>.</param>
public sealed record TokenInput(string? Name, string? Scope, string? Days);

/// <summary>A new token with its text, which is known only now.</summary>
public sealed record IssuedToken(AccessToken Token, string Text);

/// <summary>The tokens of the caller.</summary>
public sealed class TokenStore(TicketDb db, AccessLog log, TimeProvider clock)
{
    /// <summary>For how many days a token can be valid.</summary>
    public static readonly IReadOnlyList<int> Lifetimes = [30, 90, 365];

    /// <summary>The most tokens that a person can have at a time.</summary>
    public const int Max = 50;

    /// <summary>The tokens that were not revoked, newest first. Expired ones are included, to show why a program stopped working.</summary>
    public Task<List<AccessToken>> ListAsync(Caller by, CancellationToken cancel) => db.AccessTokens.AsNoTracking()
        .Where(t => t.PersonId == by.PersonId && t.RevokedAt == null).OrderByDescending(t => t.Id).Take(Max).ToListAsync(cancel);

    /// <summary>Makes a token.</summary>
    /// <returns>The token, or <see cref="InvalidInput"/>.</returns>
    public async Task<Result<IssuedToken>> CreateAsync(Caller by, TokenInput input, CancellationToken cancel)
    {
        var errors = new List<FieldError>();
        var name = VisibleText.Name(errors, "name", input.Name, AccessToken.MaxNameLength);
        var scope = TextRules.Choice<TokenScope>(errors, "scope", Supplied.Of(input.Scope ?? ""), required: true);
        var days = TextRules.Choice(errors, "days", Supplied.Of(input.Days ?? ""), required: true,
            text => Lifetimes.Cast<int?>().FirstOrDefault(d => d.ToString() == text));
        if (errors.Count == 0 && await db.AccessTokens.CountAsync(t => t.PersonId == by.PersonId && t.RevokedAt == null, cancel) >= Max)
            errors.Add(new("name", FieldErrorCode.TooMany, "Too many tokens."));
        if (errors.Count > 0)
            return new InvalidInput(errors);

        var (text, now) = (TokenText.Create(), clock.Now());
        var token = new AccessToken
        {
            PersonId = by.PersonId!.Value,
            Name = name!,
            Hash = TokenText.Hash(text),
            Hint = TokenText.Hint(text),
            Scope = scope == TokenScope.write ? TokenScope.write : TokenScope.read,
            IsWithoutNotes = scope == TokenScope.read_without_notes,
            CreatedAt = now,
            ExpiresAt = now.AddDays(days!.Value),
        };
        db.AccessTokens.Add(token);
        log.Add(by, AccessAction.token_created, await db.People.FindAsync([token.PersonId], cancel), Words(token));
        await db.SaveChangesAsync(cancel);
        return new IssuedToken(token, text);
    }

    /// <summary>Revokes a token: it is not valid for any later request.</summary>
    /// <returns>Whether there was such a token.</returns>
    public async Task<bool> RevokeAsync(Caller by, int id, CancellationToken cancel)
    {
        var token = await db.AccessTokens.Include(t => t.Person)
            .SingleOrDefaultAsync(t => t.Id == id && t.PersonId == by.PersonId && t.RevokedAt == null, cancel);
        if (token is null)
            return false;
        token.RevokedAt = clock.Now();
        log.Add(by, AccessAction.token_revoked, token.Person, Words(token));
        await db.SaveChangesAsync(cancel);
        return true;
    }

    /// <summary>How many valid tokens a person has.</summary>
    public Task<int> CountValidAsync(int personId, CancellationToken cancel)
    {
        var now = clock.Now();
        return db.AccessTokens.CountAsync(t => t.PersonId == personId && t.RevokedAt == null && t.ExpiresAt > now, cancel);
    }

    /// <summary>Revokes all tokens of a person with the next changes that are saved.</summary>
    internal async Task RevokeAllOfAsync(Caller by, Person person, CancellationToken cancel)
    {
        var (now, theirs) = (clock.Now(), db.AccessTokens.Where(t => t.PersonId == person.Id && t.RevokedAt == null));
        foreach (var token in await theirs.OrderBy(t => t.Id).ToListAsync(cancel))
        {
            token.RevokedAt = now;
            log.Add(by, AccessAction.token_revoked, person, Words(token));
        }
    }

    /// <summary>How the access log describes a token.</summary>
    internal static string Words(AccessToken token) => $"{token.Name} ({token.Hint}…, {token.FullScope})";
}
