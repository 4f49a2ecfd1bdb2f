using Microsoft.AspNetCore.Http.Extensions;
using SupportTickets.Configuration;

namespace SupportTickets.OData.Request;

/// <summary>
/// The names of the system query options, which may be written without their <c>$</c> and in any case (OData 4.01, 11.2.1).
/// </summary>
internal static class OptionNames
{
    /// <summary>All that the standard has.</summary>
    public static readonly IReadOnlySet<string> System = new HashSet<string>(StringComparer.Ordinal)
    {
        "$apply", "$compute", "$count", "$deltatoken", "$expand", "$filter", "$format", "$orderby", "$search", "$select", "$skip", "$skiptoken", "$top",
    };

    /// <summary>Gives every option of the request its full name and its aliases' values: no one after this has to know of either.</summary>
    public static void Normalize(HttpRequest request, FeedLimits limits)
    {
        if (request.Query.All(option => !option.Key.StartsWith('@') && option.Key is not ("$search" or "$count") && (System.Contains(option.Key) || Full(option.Key) is null)))
            return;
        var options = new QueryBuilder();
        foreach (var (name, values) in request.Query)
        {
            var full = Full(name);
            options.Add(full ?? name, values.Select(value => full switch
            {
                null => value ?? "",
                "$search" => SearchText.Quoted(value ?? ""),
                // The library takes the literal in one case only; the grammar has it in any (ABNF, booleanValue).
                "$count" => (value ?? "").ToLowerInvariant(),
                _ => ParameterAliases.Replace(value ?? "", request.Query, limits),
            }));
        }
        request.QueryString = options.ToQueryString();
    }

    /// <summary>Gives the library's parser the expressions as it takes them. Links repeat them as they were written.</summary>
    public static void MakeParsable(HttpRequest request)
    {
        var rewritten = new Dictionary<string, (string Parsable, string Written)>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Query)
        {
            var written = value.ToString();
            if (ExpressionText.IsTakenBy(name) && ExpressionText.Parsable(written) is var parsable && parsable != written)
                rewritten[name] = (parsable, written);
        }
        request.HttpContext.Items[typeof(OptionNames)] = rewritten;
        if (rewritten.Count == 0)
            return;
        var options = new QueryBuilder();
        foreach (var (name, values) in request.Query)
        {
            var expression = rewritten.GetValueOrDefault(name).Parsable;
            options.Add(name, expression is null ? values.Select(value => value ?? "") : [expression]);
        }
        request.QueryString = options.ToQueryString();
    }

    /// <summary>The value of an option as it was written, from how the parser takes it.</summary>
    public static string? Written(HttpRequest request, string name, string? value) =>
        request.HttpContext.Items[typeof(OptionNames)] is Dictionary<string, (string Parsable, string Written)> rewritten
        && rewritten.TryGetValue(name, out var expression) && expression.Parsable == value ? expression.Written : value;

    private static string? Full(string name)
    {
        var lower = name.ToLowerInvariant();
        var full = lower.StartsWith('$') ? lower : "$" + lower;
        return System.Contains(full) ? full : null;
    }
}
