using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Extensions;
using SupportTickets.Configuration;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Model;

namespace SupportTickets.OData.Request;

/// <summary>
/// Paths that say in another way what a plain path and its options say; each is turned into those before anything is parsed.
/// </summary>
internal static partial class PathRewriting
{
    /// <summary>What $id is answered with that is the address of something else than an entity.</summary>
    public static readonly FeedError NoEntity = FeedError.NotFound("$id names no entity of this service.");

    private const string Root = $"/{Feed.Prefix}";

    /// <summary>Rewrites the request's address; any other stays as it is.</summary>
    public static void Apply(HttpRequest request, FeedLimits limits)
    {
        var path = request.Path.Value!;
        if (Unsupported().IsMatch(path))
            throw new FeedException(FeedError.NotImplemented("$all and $crossjoin are not offered: ask for each entity set, or for one with $expand or a path such as Ticket/Status."));
        if (IsEntity(request))
            ResolveEntityId(request);
        if (request.Path.Value!.Contains("/$filter(", StringComparison.OrdinalIgnoreCase))
            TakeFilters(request, limits);
        if (request.Path.Value!.Contains('@'))
            request.Path = Alias().Replace(request.Path.Value, alias => ValueOf(alias.Value, request.Query));
    }

    /// <summary>Whether the entity is named by <c>$id</c>.</summary>
    public static bool IsEntity(HttpRequest request) => request.Path.Equals($"{Root}/$entity", StringComparison.OrdinalIgnoreCase);

    // GET $entity?$id=... (URL Conventions 4.01, 4.3.4): the id is the address of an entity of this service, whole or below its root.
    private static void ResolveEntityId(HttpRequest request)
    {
        var root = new Uri(UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, $"{Root}/"));
        if (request.Query["$id"] is not [{ } id])
            throw new FeedException(FeedError.BadQuery("/$entity needs the id of an entity in $id.", "$id"));
        if (!Uri.TryCreate(root, id, out var address) || address.Query.Length + address.Fragment.Length > 0
            || address.Authority != root.Authority || !address.AbsolutePath.StartsWith(root.AbsolutePath, StringComparison.Ordinal) || address.AbsolutePath.Contains('$')
            || address.AbsolutePath.Contains("%00", StringComparison.Ordinal) || !FeedUrl.IsPath(address.AbsolutePath))
            throw new FeedException(NoEntity);
        request.Path = PathString.FromUriComponent(address.AbsolutePath[request.PathBase.ToUriComponent().Length..]);
        SetOptions(request, request.Query.Where(option => option.Key != "$id").SelectMany(option => option.Value, (option, value) => KeyValuePair.Create(option.Key, value)));
    }

    // .../$filter(@f) (URL Conventions 4.01, 4.12): filters what the rest works on, so it goes before $apply and beside $filter.
    private static void TakeFilters(HttpRequest request, FeedLimits limits)
    {
        var match = Filtered().Match(request.Path.Value!);
        if (!match.Success)
            throw new FeedException(FeedError.NotImplemented("/$filter(...) stands at the end of a collection's path, or before /$count or /$ref; an expression with a slash goes into a parameter alias."));
        var options = request.Query.ToDictionary(option => option.Key, option => option.Value.ToString(), StringComparer.Ordinal);
        var filters = match.Groups["filter"].Captures.Select(filter => filter.Value.StartsWith('@') ? ValueOf(filter.Value, request.Query) : filter.Value);
        var all = string.Join(" and ", filters.Select(filter => $"({filter})"));
        all = ParameterAliases.Replace(all, request.Query, limits);
        Nesting.Check("$filter", all, limits);
        if (options.TryGetValue("$apply", out var apply)) options["$apply"] = $"filter({all})/{apply}";
        else options["$filter"] = options.TryGetValue("$filter", out var filter) ? $"{all} and ({filter})" : all;
        request.Path = match.Groups["rest"].Value + match.Groups["end"].Value;
        SetOptions(request, options.Select(option => KeyValuePair.Create(option.Key, (string?)option.Value)));
        FeedUrl.CheckLength(request, limits); // an alias in the path may stand there often
    }

    private static void SetOptions(HttpRequest request, IEnumerable<KeyValuePair<string, string?>> options) =>
        request.QueryString = new QueryBuilder(options.Select(option => KeyValuePair.Create(option.Key, option.Value ?? ""))).ToQueryString();

    // An alias for an alias would go round in circles.
    private static string ValueOf(string alias, IQueryCollection options) => options[alias] is [{ Length: > 0 } value] && value[0] != '@'
        ? value
        : throw new FeedException(FeedError.BadQuery($"The parameter alias {alias} has no value.", alias));

    [GeneratedRegex(@"^/odata/\$(?:all|crossjoin)\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Unsupported();

    [GeneratedRegex(@"^(?<rest>[^$]*?)(?:/\$filter\((?<filter>[^/]*)\))+(?<end>/\$count|/\$ref)?/?$", RegexOptions.IgnoreCase)]
    private static partial Regex Filtered();

    // In a key or a parameter: behind a parenthesis, a comma or an equals sign.
    [GeneratedRegex(@"(?<=[(,=]\s*)@[A-Za-z_]\w*")]
    private static partial Regex Alias();
}
