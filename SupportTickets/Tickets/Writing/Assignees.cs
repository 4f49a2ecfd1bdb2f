using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Tickets.Writing;

/// <summary>The people that tickets can be assigned to.</summary>
public sealed class Assignees(TicketReads reads, TicketDb db)
{
    /// <summary>The most that are offered to choose from.</summary>
    public const int MaxOffered = 200;

    /// <summary>Those who can be assigned, the first by name, for a form.</summary>
    /// <param name="also">Whom the form must have in any case: who is chosen, and who looks at it. Those who are no agents are
    /// passed over.</param>
    /// <param name="cancel">The caller went away.</param>
    public async Task<IReadOnlyList<Agent>> OfferedAsync(IEnumerable<int?> also, CancellationToken cancel)
    {
        var offered = await db.Agents.AsNoTracking().Where(a => a.IsActive)
            .OrderBy(a => a.Name).ThenBy(a => a.Id).Take(MaxOffered).ToListAsync(cancel);
        var missing = also.OfType<int>().Where(id => offered.TrueForAll(a => a.Id != id)).ToList();
        if (missing.Count > 0)
            offered.AddRange(await reads.Agents.Where(a => missing.Contains(a.Id)).ToListAsync(cancel));
        return [.. offered.OrderBy(a => a.Name, StringComparer.InvariantCultureIgnoreCase).ThenBy(a => a.Id)];
    }

    /// <summary>
    /// Checks that an assignment can be made now, and finds the names for the history. One that changes nothing is always right.
    /// </summary>
    /// <param name="wanted">With a name it was checked already.</param>
    /// <param name="former">Who works on the ticket so far.</param>
    /// <param name="cancel">The caller went away.</param>
    /// <returns>It with the names, or <see cref="InvalidInput"/>.</returns>
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
