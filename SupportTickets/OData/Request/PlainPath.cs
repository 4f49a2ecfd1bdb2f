using System.Text.RegularExpressions;
using SupportTickets.Configuration;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Model;

namespace SupportTickets.OData.Request;

/// <summary>
/// Rewrites paths such as <c>$entity?$id=...</c> and <c>/$filter(...)</c> to a plain path with options, before anything is parsed.
/// </summary>
internal static partial class PlainPath
{
    /// <summary>The error for an $id that is not the address of an entity.</summary>
    public static readonly FeedError NoEntity = FeedError.NotFound("$id names no entity of this service.");

    private const string Root = $"/{Feed.Prefix}";

    /// <summary>The target with a plain path instead.</summary>
    /// <param name="target">The target as received.</param>
    /// <param name="root">The address of the feed, with a slash at its end.</param>
    /// <param name="pathBase">The path of the application at its host.</param>
    /// <param name="limits">The limits for its length.</param>
    public static RequestTarget Of(RequestTarget target, Uri root, PathString pathBase, FeedLimits limits)
    {
        if (Unsupported().IsMatch(target.Path.Value!))
        {
            throw new FeedException(FeedError.NotImplemented(
                "$all and $crossjoin are not offered: ask for each entity set, or for one with $expand or a path such as Ticket/Status."));
        }
        if (IsEntity(target))
            target = EntityOfId(target, root, pathBase);
        if (target.Path.Value!.Contains("/$filter(", StringComparison.OrdinalIgnoreCase))
            target = WithoutFilters(target, limits);
        return target.Path.Value!.Contains('@')
            ? target with { Path = Alias().Replace(target.Path.Value, alias => ValueOf(alias.Value, target.Options)) }
            : target;
    }

    /// <summary>Whether the entity is named by <c>$id</c>.</summary>
    public static bool IsEntity(RequestTarget target) => target.Path.Equals($"{Root}/$entity", StringComparison.OrdinalIgnoreCase);

    // GET $entity?$id=... (URL Conventions 4.01, 4.3.4): the id is the address of an entity of this service, whole or below its root.
    private static RequestTarget EntityOfId(RequestTarget target, Uri root, PathString pathBase)
    {
        if (target.Options["$id"] is not [{ } id])
            throw new FeedException(FeedError.BadQuery("/$entity needs the id of an entity in $id.", "$id"));
        if (!Uri.TryCreate(root, id, out var address) || address.Query.Length + address.Fragment.Length > 0
            || address.Authority != root.Authority || !address.AbsolutePath.StartsWith(root.AbsolutePath, StringComparison.Ordinal)
            || address.AbsolutePath.Contains('$')
            || address.AbsolutePath.Contains("%00", StringComparison.Ordinal) || !FeedUrl.IsPath(address.AbsolutePath))
            throw new FeedException(NoEntity);
        var path = PathString.FromUriComponent(address.AbsolutePath[pathBase.ToUriComponent().Length..]);
        return (target with { Path = path }).With(target.Each().Where(option => option.Key != "$id"));
    }

    // .../$filter(@f) (URL Conventions 4.01, 4.12) filters before all options, so it goes before $apply, and is combined with $filter.
    private static RequestTarget WithoutFilters(RequestTarget target, FeedLimits limits)
    {
        var match = Filtered().Match(target.Path.Value!);
        if (!match.Success)
        {
            throw new FeedException(FeedError.NotImplemented(
                "/$filter(...) stands at the end of a collection's path, or before /$count or /$ref; "
                    + "an expression with a slash goes into a parameter alias."));
        }
        var options = target.Options.ToDictionary(option => option.Key, option => option.Value.ToString(), StringComparer.Ordinal);
        var filters = match.Groups["filter"].Captures
            .Select(filter => filter.Value.StartsWith('@') ? ValueOf(filter.Value, target.Options) : filter.Value);
        var all = string.Join(" and ", filters.Select(filter => $"({filter})"));
        all = ParameterAliases.Replace(all, target.Options, limits);
        Nesting.Check("$filter", all, limits);
        if (options.TryGetValue("$apply", out var apply)) options["$apply"] = $"filter({all})/{apply}";
        else options["$filter"] = options.TryGetValue("$filter", out var filter) ? $"{all} and ({filter})" : all;
        var path = match.Groups["rest"].Value + match.Groups["end"].Value;
        var plain = (target with { Path = path }).With(options.Select(option => KeyValuePair.Create(option.Key, (string?)option.Value)));
        FeedUrl.CheckLength(plain, limits); // the path may use an alias several times
        return plain;
    }

    // An alias as the value of an alias could be circular.
    private static string ValueOf(string alias, IQueryCollection options) => options[alias] is [{ Length: > 0 } value] && value[0] != '@'
        ? value
        : throw new FeedException(FeedError.BadQuery($"The parameter alias {alias} has no value.", alias));

    [GeneratedRegex(@"^/odata/\$(?:all|crossjoin)\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Unsupported();

    [GeneratedRegex(@"^(?<rest>[^$]*?)(?:/\$filter\((?<filter>[^/]*)\))+(?<end>/\$count|/\$ref)?/?$", RegexOptions.IgnoreCase)]
    private static partial Regex Filtered();

    // An alias in a key or a parameter: after a parenthesis, a comma or an equals sign.
    [GeneratedRegex(@"(?<=[(,=]\s*)@[A-Za-z_]\w*")]
    private static partial Regex Alias();
}
