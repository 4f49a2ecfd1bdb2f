using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Tickets.Writing;

/// <summary>Finds the requester of a ticket that is written, and adds one who is not known yet.</summary>
public sealed class RequesterRows(TicketDb db, TimeProvider clock)
{
    /// <summary>
    /// The id for a choice. Somebody who is named by an address is found by it or added, in the open transaction; the name of
    /// somebody who is known stays as it is, because whoever writes a ticket need not be that person.
    /// </summary>
    /// <returns>The choice with its id, or <see cref="InvalidInput"/>.</returns>
    internal async Task<Result<RequesterChoice>> ResolveAsync(RequesterChoice choice, CancellationToken cancel)
    {
        if (choice is { Id: { } id })
        {
            return await db.Requesters.AnyAsync(r => r.Id == id, cancel)
                ? choice
                : new InvalidInput([RequesterValidator.NotKnown(id.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        }
        if (choice.IsNobody)
            return choice;
        var (normalized, now) = (Requester.Normalized(choice.Email!), clock.Now());
        if (choice.Name!.Length == 0)
        {
            return await db.Requesters.Where(r => r.NormalizedEmail == normalized).Select(r => (int?)r.Id).SingleOrDefaultAsync(cancel)
                is { } known
                ? choice with { Id = known }
                : new InvalidInput([new("requester_name", FieldErrorCode.Required, "This field is required.")]);
        }
        return await FindOrAdd.RunAsync(
            add: () => db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO requesters (name, email, normalized_email, created_at, version)
                VALUES ({choice.Name}, {choice.Email}, {normalized}, {now}, 1) ON CONFLICT (normalized_email) DO NOTHING
                """, cancel),
            find: () => db.Requesters.Where(r => r.NormalizedEmail == normalized).Select(r => new RequesterChoice(r.Id))
                .SingleOrDefaultAsync(cancel));
    }
}
