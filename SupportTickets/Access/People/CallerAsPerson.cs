namespace SupportTickets.Access.People;

/// <summary>Turns a caller into a person.</summary>
internal static class CallerAsPerson
{
    /// <summary>The caller, now known to be this person.</summary>
    public static Caller As(this Caller caller, Person person) => caller.As(person.Id, person.Name, person.Role);
}
