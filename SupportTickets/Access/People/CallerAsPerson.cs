namespace SupportTickets.Access.People;

/// <summary>A caller who turned out to be a person.</summary>
internal static class CallerAsPerson
{
    /// <summary>The caller from now on.</summary>
    public static Caller As(this Caller caller, Person person) => caller.As(person.Id, person.Name, person.Role);
}
