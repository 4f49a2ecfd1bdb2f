using SupportTickets.Core;
using SupportTickets.Tickets.Writing;

namespace SupportTickets.Tickets.Tags;

/// <summary>
/// Adds tags to several tickets and takes tags away. Each ticket follows the rules of <see cref="TagTickets"/> and has a transaction of
/// its own, so that one that is refused does not hold up the others.
/// </summary>
public sealed class TagManyTickets(TagTickets tags)
{
    /// <summary>Changes the tags.</summary>
    /// <param name="tickets">1 to <see cref="ChangeTickets.MaxTickets"/>; one that occurs twice counts once.</param>
    /// <param name="add">See <see cref="TagTickets.HandleAsync"/>.</param>
    /// <param name="remove">See <see cref="TagTickets.HandleAsync"/>.</param>
    /// <param name="origin">Who makes the change, and through which channel.</param>
    /// <param name="cancel">The caller went away; what is changed by then stays changed.</param>
    /// <returns>The result, or <see cref="InvalidInput"/> about "tickets" or "tags"; then nothing was written.</returns>
    public async Task<Result<TicketsChanged>> HandleAsync(
        IReadOnlyList<int> tickets, IReadOnlyCollection<string?> add, IReadOnlyCollection<string?> remove, Origin origin,
        CancellationToken cancel)
    {
        if (Check(tickets, add, remove) is { Count: > 0 } errors)
            return new InvalidInput(errors);
        var (changed, already, refused) = (new List<int>(), new List<int>(), new List<RefusedTicket>());
        EventSpan? written = null;
        foreach (var id in tickets.Distinct())
        {
            var result = await tags.HandleAsync(id, add, remove, origin, cancel);
            if (result.Problem is { } problem)
            {
                refused.Add(new(id, problem));
                continue;
            }
            // The events of the ticket are those that were added now.
            var events = EventSpan.Of([.. result.Value.Events]);
            (events is not null ? changed : already).Add(id);
            written = EventSpan.Join(written, events);
        }
        return new TicketsChanged(changed, already, refused) { Written = written };
    }

    /// <summary>What is wrong with the input; none when it can be tried on each ticket.</summary>
    public static IReadOnlyList<FieldError> Check(
        IReadOnlyList<int> tickets, IReadOnlyCollection<string?> add, IReadOnlyCollection<string?> remove)
    {
        var errors = new List<FieldError>();
        if (tickets.Count == 0)
            errors.Add(new("tickets", FieldErrorCode.Required, "This field is required."));
        if (tickets.Count > ChangeTickets.MaxTickets)
            errors.Add(new("tickets", FieldErrorCode.TooLong, $"Ensure this field has no more than {ChangeTickets.MaxTickets} elements."));
        foreach (var names in (IReadOnlyCollection<string?>[])[add, remove])
        {
            if (TagValidator.Names(names).Problem is InvalidInput invalid)
                errors.AddRange(invalid.Errors);
        }
        return errors;
    }
}
