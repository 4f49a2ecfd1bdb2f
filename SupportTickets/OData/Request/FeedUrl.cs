using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using SupportTickets.Configuration;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Request;

/// <summary>
/// Checks the URL of a request before anything parses it: its encoding, its length, the names of its options, and how deep these nest.
/// </summary>
internal static partial class FeedUrl
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>
    /// Refuses a URL that is not valid for the feed, and normalizes the options: full names, and values for parameter aliases.
    /// </summary>
    public static RequestTarget Read(UnparsedTarget unparsed, FeedLimits limits)
    {
        if (!IsPath(unparsed.Path.Value!))
            throw new FeedException(FeedError.NotFound());
        // A byte takes three characters at most, so a query over this length is too long without parsing it.
        if (unparsed.Query.Length > (3 * limits.MaxUrlLength) + OpaqueTokens.MaxLength)
            throw TooLong(limits);
        CheckEncoding(unparsed.Query);
        var received = new RequestTarget(unparsed.Method, unparsed.Path, new QueryCollection(QueryHelpers.ParseQuery(unparsed.Query)));
        CheckLength(received, limits);
        var target = OptionNames.Normalized(received, limits);
        CheckLength(target, limits); // an alias counts wherever it is used
        CheckOptions(target, limits);
        return target;
    }

    private static void CheckOptions(RequestTarget target, FeedLimits limits)
    {
        foreach (var (name, values) in target.Options)
        {
            if (name.Trim() is var plain && plain != name && OptionNames.IsReserved(plain))
                throw new FeedException(FeedError.BadQuery($"Write {plain} without white space around it.", plain));
            if (name.StartsWith('$') && !OptionNames.System.Contains(name) && !NamesEntity(target, name))
                throw new FeedException(OlderVersions.OfOption(name) ?? FeedError.BadQuery($"There is no query option {name}.", name));
            if (name.StartsWith('$') && (values.Count != 1 || string.IsNullOrWhiteSpace(values[0])))
                throw new FeedException(FeedError.BadQuery($"The query option {name} takes one value.", name));
            if (name.Contains('\0') || values.Any(value => value?.Contains('\0') == true))
                throw new FeedException(FeedError.BadQuery("Null characters are not allowed.", name));
            if (name.StartsWith('$'))
                Nesting.Check(name, values[0]!, limits);
        }
    }

    /// <summary>
    /// False for a path that the library would read differently: it skips an empty segment, and takes an encoded slash for a separator.
    /// </summary>
    public static bool IsPath(string path) =>
        !path.Contains("//", StringComparison.Ordinal) && !path.Contains("%2F", StringComparison.OrdinalIgnoreCase);

    /// <summary>The error for a URL over ODATA_MAX_URL_LENGTH.</summary>
    public static FeedException TooLong(FeedLimits limits) =>
        new(new(
            StatusCodes.Status414UriTooLong, "uri_too_long",
            $"Path and options may have {limits.MaxUrlLength} bytes together (ODATA_MAX_URL_LENGTH)."));

    // $id is valid with $entity (11.2.3) and with the request that removes a reference (11.4.6.2).
    private static bool NamesEntity(RequestTarget target, string name) =>
        name == "$id"
        && (
            PlainPath.IsEntity(target)
            || (HttpMethods.IsDelete(target.Method) && target.Path.Value!.EndsWith("/$ref", StringComparison.Ordinal)));

    // Text that is not UTF-8 would be compared in its encoded form, percent signs included, and never be found.
    private static void CheckEncoding(string query)
    {
        if (StrayPercent().IsMatch(query))
        {
            throw new FeedException(FeedError.BadQuery(
                "A percent sign in the query options must be followed by two hexadecimal digits; write a literal one as %25."));
        }
        try
        {
            var encoded = Strict.GetBytes(query);
            _ = Strict.GetCharCount(WebUtility.UrlDecodeToBytes(encoded, 0, encoded.Length));
        }
        catch (ArgumentException)
        {
            throw new FeedException(FeedError.BadQuery("The query options are not UTF-8."));
        }
    }

    /// <summary>Refuses a target over ODATA_MAX_URL_LENGTH.</summary>
    public static void CheckLength(RequestTarget target, FeedLimits limits)
    {
        var length = (long)Encoding.UTF8.GetByteCount(target.Path.Value!);
        foreach (var (name, values) in target.Options)
        {
            if (name is "$skiptoken" or "skiptoken" or "$deltatoken" or "deltatoken")
                continue; // it has a limit of its own
            foreach (var value in values)
                length += Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value ?? "") + 2; // with & and =
        }
        if (length > limits.MaxUrlLength)
            throw TooLong(limits);
    }

    [GeneratedRegex("%(?:[^0-9A-Fa-f]|[0-9A-Fa-f][^0-9A-Fa-f]|.?$)", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex StrayPercent();
}
