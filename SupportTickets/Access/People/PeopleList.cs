using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Access.People;

/// <summary>A person as the list shows them.</summary>
/// <param name="Id">The key.</param>
/// <param name="Name">See <see cref="Person.Name"/>.</param>
/// <param name="Email">The address.</param>
/// <param name="Role">See <see cref="Person.Role"/>.</param>
/// <param name="SignedInAt">See <see cref="Person.SignedInAt"/>.</param>
/// <param name="DeactivatedAt">See <see cref="Person.DeactivatedAt"/>.</param>
public sealed record PersonRow(int Id, string Name, string Email, Role Role, DateTime? SignedInAt, DateTime? DeactivatedAt);

/// <summary>A page of people.</summary>
/// <param name="Rows">At most <see cref="PeopleList.PageSize"/>.</param>
/// <param name="Next">The person after whom the next page starts; null on the last page.</param>
public sealed record PeoplePage(IReadOnlyList<PersonRow> Rows, int? Next);

/// <summary>Lists the people who have an account, by e-mail address.</summary>
public sealed class PeopleList(UserManager<Person> users, TicketDb db)
{
    /// <summary>People on a page.</summary>
    public const int PageSize = 100;

    /// <summary>Reads a page.</summary>
    /// <param name="after">The last person of the page before; null for the first page.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    public async Task<PeoplePage> HandleAsync(int? after, CancellationToken cancel)
    {
        var (all, people) = (db.People, db.People.AsQueryable());
        if (after is { } id)
        {
            people = people.Where(p => string.Compare(
                p.NormalizedEmail, all.Where(edge => edge.Id == id).Select(edge => edge.NormalizedEmail).Single()) > 0);
        }
        var rows = await people.OrderBy(p => p.NormalizedEmail).Take(PageSize + 1)
            .Select(p => new PersonRow(p.Id, p.Name, p.Email!, p.Role, p.SignedInAt, p.DeactivatedAt)).ToListAsync(cancel);
        return new([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].Id : null);
    }

    /// <summary>The person with an id; null when there is none.</summary>
    public Task<Person?> FindAsync(int id, CancellationToken cancel) =>
        db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancel);

    /// <summary>The person with an e-mail address, as entered; null when there is none.</summary>
    public async Task<Person?> FindAsync(string email, CancellationToken cancel)
    {
        if (!PersonValidator.IsEmail(email))
            return null;
        var normalized = users.NormalizeEmail(email);
        return await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.NormalizedEmail == normalized, cancel);
    }
}
