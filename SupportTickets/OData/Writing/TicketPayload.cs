using Microsoft.OData.Edm;
using SupportTickets.Core;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Model;
using SupportTickets.OData.Request;
using SupportTickets.Tickets;

namespace SupportTickets.OData.Writing;

/// <summary>
/// A ticket as a body has it. Not bound onto the entity, because then a caller could write whatever that has; here every
/// field goes as received to the one validator.
/// </summary>
/// <param name="Input">The properties that can be written.</param>
/// <param name="ETag">The version that the ticket was read at, when the body says it and is 4.01 (OData 4.01, 11.4.3).</param>
internal sealed record TicketPayload(TicketInput Input, string? ETag)
{
    private const string Control = "@etag";

    /// <summary>
    /// Reads one. What the desk computes may be there, as a read gave it, and is passed over (OData 4.01, 11.4.2 and 11.4.3);
    /// what a ticket does not have, and related entities, are refused.
    /// </summary>
    public static async Task<TicketPayload> ReadAsync(FeedRequest request)
    {
        var type = request.Set.EntityType;
        var fields = await JsonFields.ReadAsync(request.Http.Request);
        var refused = fields.Values.Keys.Where(name => type.FindProperty(name) is not IEdmStructuralProperty)
            .Select(name => Refuse(name, type)).Concat(fields.Duplicates).ToList();
        if (refused.Count > 0)
            throw new FeedException(FeedError.Invalid(refused));
        BodyTypes.Check(fields, type, name => (type.FindProperty(name) as IEdmStructuralProperty)?.Type.Definition, request.Root);
        return new(InputOf(fields.Values), Negotiation.IsVersion401(request.Http.Request) ? fields.Control.GetValueOrDefault(Control).Text : null);
    }

    /// <summary>The input with one property supplied; fails when nobody may write it.</summary>
    public static TicketInput Only(IEdmProperty property, Supplied value)
    {
        if (!FeedModel.Writable.Contains(property.Name))
            throw new FeedException(FeedError.Invalid([Refuse(property.Name, (IEdmEntityType)property.DeclaringType)]));
        return InputOf(new Dictionary<string, Supplied> { [property.Name] = value });
    }

    private static TicketInput InputOf(Dictionary<string, Supplied> fields) => new()
    {
        Title = fields.GetValueOrDefault(nameof(Ticket.Title)),
        Description = fields.GetValueOrDefault(nameof(Ticket.Description)),
        Category = fields.GetValueOrDefault(nameof(Ticket.Category)),
        Priority = fields.GetValueOrDefault(nameof(Ticket.Priority)),
        Status = fields.GetValueOrDefault(nameof(Ticket.Status)),
        Assignee = fields.GetValueOrDefault(nameof(Ticket.AssigneeId)),
    };

    private static ErrorDetail Refuse(string name, IEdmEntityType type) => type.FindProperty(name.Split('@')[0]) switch
    {
        IEdmNavigationProperty => new("nested_entity", "Related entities cannot be written together with a ticket.", name),
        not null => new("read_only_property", "This property is computed by the desk and cannot be written.", name),
        null => new("unknown_property", $"A {type.Name} has no such property.", name),
    };
}
