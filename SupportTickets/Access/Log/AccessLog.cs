using SupportTickets.Access.People;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Access.Log;

/// <summary>Writes the access log. A line is stored with the next changes that are saved, in the same transaction.</summary>
public sealed class AccessLog(TicketDb db, TimeProvider clock)
{
    /// <summary>Adds a line.</summary>
    /// <param name="by">Who did it.</param>
    /// <param name="act">What was done.</param>
    /// <param name="person">The person it was done to; null where there is none.</param>
    /// <param name="about">What it was done to, as text; null for the name of the person.</param>
    public void Add(Caller by, AccessAction act, Person? person = null, string? about = null)
    {
        var words = about ?? person?.Name ?? "";
        db.AccessLog.Add(new AccessEntry
        {
            At = clock.Now(),
            ActorId = by.PersonId,
            Actor = by.Name,
            Act = act,
            PersonId = person?.Id,
            About = words[..Math.Min(words.Length, AccessEntry.MaxTextLength)],
            Address = by.Address,
        });
    }
}
