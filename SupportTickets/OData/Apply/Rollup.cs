using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Apply;

/// <summary>
/// <c>groupby((A,rollup($all,B,C)),aggregate(...))</c> (Data Aggregation 4.0, 3.2.3.2): the same aggregates on every level, the
/// finest first. Each level is a groupby of its own, and the result is the concat of all levels.
/// </summary>
internal static class Rollup
{
    private const string Name = "rollup", All = "$all";

    /// <summary>The levels as transformations; null when there is no rollup.</summary>
    public static IReadOnlyList<string>? Levels(string grouping)
    {
        var arguments = SeparatedText.Split(grouping, ',');
        var keys = arguments[0].Trim();
        if (!keys.StartsWith('(') || !keys.EndsWith(')'))
            return null; // the library reports the error
        List<string> items = [.. SeparatedText.Split(keys[1..^1], ',').Select(item => item.Trim())];
        List<string> rolled = [.. items.Where(IsRollup)];
        if (rolled.Count == 0)
            return null;
        if (rolled.Count > 1)
            throw new FeedException(FeedError.NotImplemented("A groupby has one rollup here: write the others out with concat.", "$apply"));
        items.Remove(rolled[0]);
        var open = rolled[0].IndexOf('(');
        List<string> path = [.. SeparatedText.Split(rolled[0][(open + 1)..^1], ',').Select(level => level.Trim())];
        var withTotal = path[0].Equals(All, StringComparison.OrdinalIgnoreCase);
        if (withTotal) path.RemoveAt(0);
        if (path.Count < (withTotal ? 1 : 2) || path.Exists(level => level.Length == 0 || level.Contains('(')))
            throw new FeedException(FeedError.BadQuery("rollup takes two properties or more, or $all and one.", "$apply"));
        var rest = string.Concat(arguments.Skip(1).Select(argument => "," + argument));
        return
        [
            .. Enumerable
                .Range(withTotal ? 0 : 1, path.Count + (withTotal ? 1 : 0))
                .Reverse()
                .Select(n => Level([.. items, .. path.Take(n)], rest)),
        ];
    }

    private static string Level(List<string> keys, string rest) =>
        keys.Count > 0 ? $"groupby(({string.Join(',', keys)}){rest})"
        : rest.Length > 0 ? rest[1..]
        : throw new FeedException(FeedError.NotImplemented("A rollup up to $all needs something to aggregate here.", "$apply"));

    private static bool IsRollup(string item) =>
        item.StartsWith(Name, StringComparison.OrdinalIgnoreCase) && item[Name.Length..].TrimStart().StartsWith('(') && item.EndsWith(')');
}
