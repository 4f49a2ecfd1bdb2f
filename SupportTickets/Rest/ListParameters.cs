using System.Text;
using SupportTickets.Core;
using SupportTickets.Http;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Rest;

/// <summary>The query parameters of the list. Names are case-sensitive; the last value of a repeated one counts.</summary>
internal sealed record ListParameters
{
    private const string Oldest = "created_at", Newest = "-created_at";

    /// <summary>Category, priority and status.</summary>
    public required TicketFilter Filter { get; init; }

    /// <summary>The search text, not yet parsed.</summary>
    public string? Search { get; private init; }

    /// <summary>Oldest first instead of newest first.</summary>
    public bool OldestFirst { get; private init; }

    /// <summary>Reads a query with its question mark; fails on a filter value that is not one of the choices.</summary>
    public static Result<ListParameters> Parse(string? query)
    {
        if (UrlEncoded.Parse(Encoding.UTF8.GetBytes(query is ['?', .. var pairs] ? pairs : "")) is not { } parameters)
            return new Refused(StatusCodes.Status400BadRequest, $"The query has more than {UrlEncoded.MaxPairs} parameters.");

        string? Last(string name) => parameters.LastOrDefault(pair => pair.Key == name).Value;
        var errors = new List<FieldError>();
        var filter = new TicketFilter
        {
            Category = Choice<Category>(errors, "category", Last("category")),
            Priority = Choice<Priority>(errors, "priority", Last("priority")),
            Status = Choice<Status>(errors, "status", Last("status")),
        };
        if (errors.Count > 0)
            return new InvalidInput(errors);
        return new ListParameters { Filter = filter, Search = Last("search"), OldestFirst = StartsWithOldest(Last("ordering")) };
    }

    /// <summary>Sorts tickets in the requested order, and by id within one moment, so that the order is stable.</summary>
    public IQueryable<Ticket> Sort(IQueryable<Ticket> tickets) => OldestFirst
        ? tickets.OrderBy(t => t.CreatedAt).ThenBy(t => t.Id)
        : tickets.OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id);

    // Only the first sortable name counts: a second one could only order tickets of equal time.
    private static bool StartsWithOldest(string? ordering) =>
        ordering?.Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(name => name is Oldest or Newest) == Oldest;

    private static TEnum? Choice<TEnum>(List<FieldError> errors, string field, string? value) where TEnum : struct, Enum
    {
        if (string.IsNullOrEmpty(value))
            return null;
        if (EnumNames.TryParse<TEnum>(value, out var choice))
            return choice;
        errors.Add(new(field, FieldErrorCode.NotAChoice, $"Select a valid choice. {value} is not one of the available choices."));
        return null;
    }
}
