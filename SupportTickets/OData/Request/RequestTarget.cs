using Microsoft.Extensions.Primitives;

namespace SupportTickets.OData.Request;

/// <summary>
/// The target of a request: its method, path and query options. Immutable: each step of the normalization gives a new target, and
/// the received request does not change.
/// </summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below the application, decoded.</param>
/// <param name="Options">The query options, decoded. Names ignore case.</param>
internal sealed record RequestTarget(string Method, PathString Path, IQueryCollection Options)
{
    /// <summary>A copy with these options. The values of equal names are combined.</summary>
    public RequestTarget With(IEnumerable<KeyValuePair<string, string?>> options)
    {
        var all = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in options)
            all[name] = StringValues.Concat(all.GetValueOrDefault(name), value ?? "");
        return this with { Options = new QueryCollection(all) };
    }

    /// <summary>The options one by one; a name may have several values.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Each() =>
        Options.SelectMany(option => option.Value, (option, value) => KeyValuePair.Create(option.Key, value));
}
