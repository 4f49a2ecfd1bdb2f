using SupportTickets.Core;
using SupportTickets.Tickets;

namespace SupportTickets.Rest;

/// <summary>The names of the fields of a body. All other names are ignored, as in the older system.</summary>
/// <param name="Names">The names.</param>
/// <param name="Optional">Those of them whose empty value in a form counts as left out.</param>
internal sealed record BodyFields(IReadOnlySet<string> Names, IReadOnlySet<string> Optional)
{
    /// <summary>What a caller may write of a ticket.</summary>
    public static readonly BodyFields OfTicket =
        new(new HashSet<string> { "title", "description", "category", "priority", "status" }, new HashSet<string> { "status" });

    /// <summary>What a caller may write of a comment.</summary>
    public static readonly BodyFields OfComment =
        new(new HashSet<string> { "body", "is_internal" }, new HashSet<string> { "is_internal" });

    /// <summary>The value of a text in a form.</summary>
    public Supplied OfForm(string name, string text) =>
        text.Length == 0 && Optional.Contains(name) ? Supplied.Missing : Supplied.Of(text);
}

/// <summary>The fields of a body as received, by name. When a name occurs twice, the second counts.</summary>
internal sealed class BodyValues : Dictionary<string, Supplied>
{
    /// <summary>A field; missing where the body has none of that name.</summary>
    public Supplied Of(string name) => this.GetValueOrDefault(name);

    /// <summary>The input of a ticket.</summary>
    public TicketInput ToTicket() => new()
    {
        Title = Of("title"),
        Description = Of("description"),
        Category = Of("category"),
        Priority = Of("priority"),
        Status = Of("status"),
    };

    /// <summary>The input of a comment.</summary>
    public CommentInput ToComment() => new() { Body = Of("body"), IsInternal = Of("is_internal") };
}
