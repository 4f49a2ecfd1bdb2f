using Microsoft.AspNetCore.OData.Query.Validator;
using Microsoft.OData.UriParser;

namespace SupportTickets.OData.Binding;

/// <summary>
/// The library's validator of $expand, without its look at nested $orderby: that fails on every expression but the simplest. It
/// looks for properties that must not be sorted by, and the model has none. How much there may be, <see cref="Limits"/> says.
/// </summary>
internal sealed class NestedOrderValidator : SelectExpandQueryValidator
{
    /// <inheritdoc />
    protected override void ValidateNestedOrderby(OrderByClause orderByClause, SelectExpandValidatorContext validatorContext)
    {
        // Nothing to look for.
    }
}
