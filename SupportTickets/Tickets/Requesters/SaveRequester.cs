using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tickets.Requesters;

/// <summary>There is no such requester.</summary>
public sealed record RequesterNotFound : Problem;

/// <summary>The requester changed since the caller read them; nothing was written.</summary>
/// <param name="Current">The requester as they are now.</param>
public sealed record StaleRequester(Requester Current) : Problem;

/// <summary>Adds and changes requesters.</summary>
public sealed class SaveRequester(TicketDb db, TimeProvider clock)
{
    /// <summary>Adds a requester.</summary>
    /// <returns>The requester as stored, or <see cref="InvalidInput"/>, also when somebody has the address.</returns>
    public async Task<Result<Requester>> CreateAsync(RequesterInput input, CancellationToken cancel)
    {
        if (!RequesterValidator.Create(input).Succeeded(out var draft, out var problem))
            return problem;
        var requester = new Requester
        {
            Name = draft.Name!,
            Email = draft.Email!,
            NormalizedEmail = Requester.Normalized(draft.Email!),
            Organization = NullIfEmpty(draft.Organization),
            Notes = NullIfEmpty(draft.Notes),
            CreatedAt = clock.Now(),
        };
        db.Requesters.Add(requester);
        return await StoreAsync(requester, cancel);
    }

    /// <summary>Changes the supplied fields.</summary>
    /// <param name="id">The requester.</param>
    /// <param name="input">As received; missing fields stay as they are.</param>
    /// <param name="expectedVersion">The version that the caller read; null changes any version.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The requester as stored, or <see cref="InvalidInput"/>, <see cref="RequesterNotFound"/>,
    /// <see cref="StaleRequester"/>.</returns>
    public async Task<Result<Requester>> ChangeAsync(int id, RequesterInput input, int? expectedVersion, CancellationToken cancel)
    {
        if (!RequesterValidator.Change(input).Succeeded(out var change, out var problem))
            return problem;
        return expectedVersion is null
            ? await OwnTransaction.RunAsync(db, ChangeLockedAsync, cancel)
            : await ChangeAsync(id, change, expectedVersion, cancel);

        async Task<Result<Requester>> ChangeLockedAsync()
        {
            await db.LockRequestersAsync([id], cancel);
            return await ChangeAsync(id, change, expectedVersion: null, cancel);
        }
    }

    private async Task<Result<Requester>> ChangeAsync(int id, RequesterChange change, int? expectedVersion, CancellationToken cancel)
    {
        if (await db.Requesters.SingleOrDefaultAsync(r => r.Id == id, cancel) is not { } requester)
            return new RequesterNotFound();
        if (expectedVersion is { } version && version != requester.Version)
            return new StaleRequester(requester);
        requester.Name = change.Name ?? requester.Name;
        if (change.Email is { } email) (requester.Email, requester.NormalizedEmail) = (email, Requester.Normalized(email));
        if (change.Organization is { } organization) requester.Organization = NullIfEmpty(organization);
        if (change.Notes is { } notes) requester.Notes = NullIfEmpty(notes);
        if (db.Entry(requester).State == EntityState.Unchanged)
            return requester;
        requester.Version++;
        return await StoreAsync(requester, cancel);
    }

    // The database decides whether the address is taken, and whether the row is still the one that was read.
    private async Task<Result<Requester>> StoreAsync(Requester requester, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return requester;
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            var current = await db.Requesters.AsNoTracking().SingleOrDefaultAsync(r => r.Id == requester.Id, cancel);
            return current is null ? new RequesterNotFound() : new StaleRequester(current);
        }
        catch (DbUpdateException error) when (DatabaseConflict.Is(error))
        {
            db.ChangeTracker.Clear();
            return new InvalidInput([new("email", FieldErrorCode.Taken, "A requester with this e-mail address exists.")]);
        }
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
