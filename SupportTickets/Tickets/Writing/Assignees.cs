using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Tickets.Writing;

/// <summary>The people that tickets can be assigned to.</summary>
public sealed class Assignees(TicketReads reads, TicketDb db)
{
    /// <summary>The most people that a form offers.</summary>
    public const int MaxOffered = 200;

    /// <summary>The people to offer in a form, by name.</summary>
    /// <param name="also">People that the form must offer in any case: the current assignee and the reader. Those who are not
    /// agents are left out.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public async Task<IReadOnlyList<Agent>> OfferedAsync(IEnumerable<int?> also, CancellationToken cancel)
    {
        var offered = await db.Agents.AsNoTracking().Where(a => a.IsActive)
            .OrderBy(a => a.Name).ThenBy(a => a.Id).Take(MaxOffered)
            .TagWith(PreparedStatements.OnePlan).ToListAsync(cancel);
        var missing = also.OfType<int>().Where(id => offered.TrueForAll(a => a.Id != id)).ToList();
        if (missing.Count > 0)
            offered.AddRange(await reads.Agents.Where(a => missing.Contains(a.Id)).ToListAsync(cancel));
        return [.. offered.OrderBy(a => a.Name, StringComparer.InvariantCultureIgnoreCase).ThenBy(a => a.Id)];
    }

    /// <summary>
    /// Checks that an assignment is allowed now, and finds the names for the history. An assignment that changes nothing is always allowed.
    /// </summary>
    /// <param name="wanted">The assignment. If it has a name, it was checked before.</param>
    /// <param name="former">The current assignee of the ticket.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The assignment with the names, or <see cref="InvalidInput"/>.</returns>
    internal async Task<Result<Assignment>> CheckAsync(Assignment wanted, int? former, CancellationToken cancel)
    {
        if (wanted.PersonId == former)
            return wanted;
        List<int> ids = [.. new[] { wanted.PersonId, former }.OfType<int>()];
        var people = await db.Agents.AsNoTracking().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, cancel);
        if (wanted is { PersonId: { } id, Name: null } && people.GetValueOrDefault(id) is not { IsActive: true })
            return new InvalidInput([TicketValidator.NotAssignable(id.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        return wanted with { Name = NameOf(wanted.PersonId), FormerName = NameOf(former) };

        string? NameOf(int? person) => person is { } known ? people[known].Name : null;
    }
}
