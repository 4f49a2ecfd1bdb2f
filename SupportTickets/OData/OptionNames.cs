using Microsoft.AspNetCore.Http.Extensions;

namespace SupportTickets.OData;

/// <summary>The names of the system query options, which may be written without their <c>$</c> and in any case (OData 4.01, 11.2.1).</summary>
internal static class OptionNames
{
    /// <summary>All that the standard has.</summary>
    public static readonly IReadOnlySet<string> System = new HashSet<string>(StringComparer.Ordinal)
    {
        "$apply", "$compute", "$count", "$deltatoken", "$expand", "$filter", "$format", "$orderby", "$search", "$select", "$skip", "$skiptoken", "$top",
    };

    /// <summary>Gives every option of the request its full name, its aliases' values and operators that the library knows, so that no one after this has to know of any of them.</summary>
    public static void Normalize(HttpRequest request, FeedLimits limits)
    {
        if (request.Query.All(option => !option.Key.StartsWith('@') && option.Key != "$search" && (System.Contains(option.Key) || Full(option.Key) is null) && !DivBy.IsIn(option.Value)))
            return;
        var options = new QueryBuilder();
        foreach (var (name, values) in request.Query)
        {
            var full = Full(name);
            options.Add(full ?? name, values.Select(value => full is null ? value ?? "" : full == "$search" ? SearchText.Quoted(value ?? "") : Plain(value ?? "", request.Query, limits)));
        }
        request.QueryString = options.ToQueryString();
    }

    /// <summary>An expression with its aliases' values and with operators that the library knows.</summary>
    public static string Plain(string expression, IQueryCollection options, FeedLimits limits) => DivBy.Replace(ParameterAliases.Replace(expression, options, limits));

    private static string? Full(string name)
    {
        var lower = name.ToLowerInvariant();
        var full = lower.StartsWith('$') ? lower : "$" + lower;
        return System.Contains(full) ? full : null;
    }
}
