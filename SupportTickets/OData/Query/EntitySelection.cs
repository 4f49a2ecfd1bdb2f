using System.Linq.Expressions;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Query;

/// <summary>The parts of entities that an answer shows: $select and $expand with the computed properties.</summary>
internal sealed class EntitySelection
{
    private readonly QueryInput _input;
    private readonly ODataQuerySettings _settings;
    private readonly ComputedSelection _selection;

    /// <summary>Reads the selection from the options of a request.</summary>
    /// <param name="input">The query.</param>
    /// <param name="settings">The library's settings for binding.</param>
    /// <param name="compute">$compute, if it applies to the entities.</param>
    public EntitySelection(QueryInput input, ODataQuerySettings settings, ComputeClause? compute)
    {
        (_input, _settings) = (input, settings);
        var clause = input.Options.SelectExpand?.SelectExpandClause;
        _selection = ComputedSelection.Of(clause, compute, input.Options.Context.NavigationSource);
        ForContext = ComputedSelection.ForContext(clause);
    }

    /// <summary>$select and $expand for the context URL; null when neither was given.</summary>
    public SelectExpandClause? ForContext { get; }

    /// <summary>$select and $expand with the computed properties; null when there are none of these.</summary>
    public SelectExpandClause? Clause => _selection.Clause;

    /// <summary>The names of the computed properties.</summary>
    public IEnumerable<string> Computed => _selection.Computed.Select(item => item.Alias);

    /// <summary>Whether rows are entities, whole or with some of their properties, and not the library's wrappers.</summary>
    public bool IsPlain => Clause is null || Plain is not null;

    /// <summary>The projection of a row.</summary>
    public Expression Of(ParameterExpression row)
    {
        if (Clause is null)
            return row;
        if (Plain is { } plain)
            return plain.Projected(row, Type);
        var context = BinderContext(row.Type);
        var binder = _input.Request.Parts.GetRequiredService<ISelectExpandBinder>();
        var projection = (LambdaExpression)binder.BindSelectExpand(Clause, context);
        return new Rename(projection.Parameters[0], row).Visit(projection.Body);
    }

    // The selected properties, where an entity can hold the selection.
    private PlainSelection? Plain => _selection.Computed.Count == 0 && !RowWriting.ByLibrary(_input.Request)
        ? PlainSelection.Of(Clause, Type) : null;

    private IEdmEntityType Type => _input.Options.Context.NavigationSource.EntityType;

    /// <summary>A context for the library's binders that knows the computed properties.</summary>
    public QueryBinderContext BinderContext(Type element)
    {
        var context = new QueryBinderContext(_input.Options.Context.Model, _settings, element)
        {
            NavigationSource = _input.Options.Context.NavigationSource,
        };
        foreach (var item in _selection.Computed)
            context.ComputedProperties[item.Alias] = item;
        return context;
    }

    private sealed class Rename(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : base.VisitParameter(node);
    }
}
