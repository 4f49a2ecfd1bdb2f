using Microsoft.Extensions.Primitives;

namespace SupportTickets.OData.Request;

/// <summary>
/// What a request asks for: its method, its path and its query options. It never changes: each step that brings it nearer to its plain
/// form gives another one, and the request as received stays what it is.
/// </summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below the application, decoded.</param>
/// <param name="Options">The query options, decoded. Names are told apart whatever their case.</param>
internal sealed record RequestTarget(string Method, PathString Path, IQueryCollection Options)
{
    /// <summary>Another one with these options; those of one name are put together.</summary>
    public RequestTarget With(IEnumerable<KeyValuePair<string, string?>> options)
    {
        var all = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in options)
            all[name] = StringValues.Concat(all.GetValueOrDefault(name), value ?? "");
        return this with { Options = new QueryCollection(all) };
    }

    /// <summary>The options one by one: those of one name may have several values.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Each() =>
        Options.SelectMany(option => option.Value, (option, value) => KeyValuePair.Create(option.Key, value));
}
