using System.Globalization;
using System.Text;
using Microsoft.OData.UriParser;
using SupportTickets.Data;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Query.Known;

/// <summary>
/// What makes two requests the same query: the path without its keys, the options that decide on rows and columns, and what the caller
/// may see. The keys and the place in the pages are values of the query.
/// </summary>
/// <param name="Text">Equal for requests with one statement.</param>
/// <param name="Keys">The keys in the path, in their order.</param>
internal sealed record QueryShape(string Text, IReadOnlyList<object?> Keys)
{
    // In this order, so that the order in the address does not matter.
    private static readonly string[] Deciding = ["$filter", "$orderby", "$select", "$expand", "$top", "$skip", "$count"];

    private static readonly string[] Rare = ["$apply", "$search", "$compute"];

    /// <summary>Reads it; null for requests that are bound anew each time, because few are repeated or their rows are not plain.</summary>
    public static QueryShape? Of(FeedRequest request, bool single, Visibility visibility)
    {
        var options = request.Options;
        if (RowWriting.ByLibrary(request) || Array.Exists(Rare, options.ContainsKey) || (single && options.ContainsKey("$skiptoken")))
            return null;
        // What stands for another option's value is not the text that decides; usual aliases are replaced already.
        if (options.Keys.Any(name => name.StartsWith('@')) && Deciding.Any(name => options[name].ToString().Contains('@')))
            return null;
        var text = new StringBuilder();
        var keys = new List<object?>();
        text.Append(CultureInfo.InvariantCulture, $"{request.Version} {(single ? "one" : "many")} {visibility.MayReadNotes} ");
        foreach (var segment in request.Path)
        {
            switch (segment)
            {
                case EntitySetSegment set:
                    text.Append(set.EntitySet.Name);
                    break;
                case KeySegment key:
                    keys.Add(key.Keys.Single().Value);
                    text.Append("()");
                    break;
                case NavigationPropertySegment step:
                    text.Append('/').Append(step.NavigationProperty.Name);
                    break;
                default:
                    return null;
            }
        }
        // With its length, so that no text can pretend to be several options.
        foreach (var name in Deciding)
        {
            if (options[name] is [{ } value])
                text.Append(CultureInfo.InvariantCulture, $"\n{name}={value.Length}:{value}");
        }
        return new(text.ToString(), keys);
    }
}
