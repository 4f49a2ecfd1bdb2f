using Microsoft.OData.UriParser;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Writing;

/// <summary>The parameters of an operation in a request body.</summary>
internal static class OperationParameters
{
    /// <summary>Reads parameters; throws when there are others than these.</summary>
    public static Task<JsonFields> ReadAsync(FeedRequest request, params string[] names) =>
        CheckedAsync(request, JsonFields.ReadOptionalAsync(request.Http.Request), names);

    /// <summary>Reads a single parameter that is a list; throws when there are others.</summary>
    /// <inheritdoc cref="JsonFields.ReadOptionalAsync" path="/param[@name='length']" />
    public static Task<JsonFields> ReadListAsync(FeedRequest request, string name, int length) =>
        CheckedAsync(request, JsonFields.ReadOptionalAsync(request.Http.Request, name, length), name);

    private static async Task<JsonFields> CheckedAsync(FeedRequest request, Task<JsonFields> read, params string[] names)
    {
        var fields = await read;
        var wrong = fields.Values.Keys.Except(names)
            .Select(name => new ErrorDetail("unknown_parameter", "This operation has no such parameter.", name))
            .Concat(fields.Duplicates).ToList();
        if (wrong.Count > 0)
            throw new FeedException(FeedError.Invalid(wrong));
        var operation = ((OperationSegment)request.Path.Last()).Operations.Single();
        BodyTypes.Check(fields, whole: null, name => operation.FindParameter(name)?.Type.Definition, request.Root);
        return fields;
    }
}
