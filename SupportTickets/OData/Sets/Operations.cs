using Microsoft.OData.ModelBuilder;
using SupportTickets.Tickets;

namespace SupportTickets.OData.Sets;

/// <summary>The actions and functions of the model (OData 4.01, 11.5).</summary>
internal static class Operations
{
    public const string Resolve = "Resolve",
        Reopen = "Reopen",
        Assign = "Assign",
        Reply = "Reply",
        AddNote = "AddNote",
        AddTags = "AddTags",
        Stats = "Stats",
        Classify = "Classify",
        SuggestTitle = "SuggestTitle";

    /// <summary>The names of their parameters.</summary>
    public const string Description = "Description", AssigneeId = "AssigneeId", Body = "Body", Tags = "Tags";

    private const string BindingParameter = "bindingParameter";

    /// <summary>Declares the operations.</summary>
    public static void Declare(EntityTypeConfiguration<Ticket> ticket)
    {
        foreach (var name in new[] { Resolve, Reopen, Assign, AddTags })
        {
            var action = ticket.Action(name).ReturnsEntityViaEntitySetPath<Ticket>(BindingParameter);
            (action.ReturnNullable, action.BindingParameter.Nullable) = (false, false);
            if (name == Assign) action.Parameter<int?>(AssigneeId);
            if (name == AddTags) action.CollectionParameter<string>(Tags).Nullable = false;
        }
        foreach (var name in new[] { Reply, AddNote })
        {
            var action = ticket.Action(name).ReturnsFromEntitySet<Comment>(FeedSets.Comments.Name);
            (action.ReturnNullable, action.BindingParameter.Nullable) = (false, false);
            action.Parameter<string>(Body).Nullable = false;
        }
        var stats = ticket.Collection.Function(Stats).Returns<Statistics>();
        (stats.ReturnNullable, stats.BindingParameter.Nullable) = (false, false);
        DeclareSuggestion<SuggestedClassification>(ticket, Classify);
        DeclareSuggestion<SuggestedTitle>(ticket, SuggestTitle);
    }

    private static void DeclareSuggestion<T>(EntityTypeConfiguration<Ticket> ticket, string name)
    {
        var action = ticket.Collection.Action(name).Returns<T>();
        (action.ReturnNullable, action.BindingParameter.Nullable) = (false, false);
        action.Parameter<string>(Description).Nullable = false;
    }
}
