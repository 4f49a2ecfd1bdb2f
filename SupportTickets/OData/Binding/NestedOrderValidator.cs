using Microsoft.AspNetCore.OData.Query.Validator;
using Microsoft.OData.UriParser;

namespace SupportTickets.OData.Binding;

/// <summary>
/// The library's validator of $expand without its check of nested $orderby, which fails on all but the simplest expressions. It
/// checks for properties that must not be sorted by, and the model has none. <see cref="Limits"/> limits the number of sort keys.
/// </summary>
internal sealed class NestedOrderValidator : SelectExpandQueryValidator
{
    /// <inheritdoc />
    protected override void ValidateNestedOrderby(OrderByClause orderByClause, SelectExpandValidatorContext validatorContext)
    {
        // There is nothing to check.
    }
}
