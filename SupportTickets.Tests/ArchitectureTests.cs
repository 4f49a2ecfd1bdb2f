using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace SupportTickets.Tests;

/// <summary>
/// Folders use each other in one direction only (docs/architecture.md). Read from the <c>using</c> lines, of which the compiler refuses
/// one that nothing needs, and from names that are written with their namespace.
/// </summary>
public sealed partial class ArchitectureTests
{
    // Each uses only those before it. A feature may leave some of them out; what stands behind it, it does not know.
    private static readonly string[] Folders =
    [
        "Core",
        "Configuration",
        "Http",
        "Data",
        "Access",
        "Tickets",
        "Hosting",
        "Triage",
        "Analytics",
        "Views",
        "Export",
        "Rest",
        "OData",
        "Connect",
        "Pages",
        "Maintenance",
    ];

    private static readonly string[] FoldersOfOData =
        ["Sets", "Model", "Errors", "Request", "Binding", "Apply", "Query", "Answers", "Reads", "Delta", "Writing", "Batch"];

    // The empty name is what stands directly in the folder: who calls and what they may do, or the ticket itself.
    private static readonly string[] FoldersOfAccess = ["", "People", "Limits", "Sessions", "Log", "Tokens", "Links", "Accounts", "Gate"];

    private static readonly string[] FoldersOfTickets =
    [
        "Calendar", "", "Totals", "Search", "Reading", "Submissions", "Writing", "Requesters", "Comments", "Tags", "Attachments", "Changes",
        "Live",
    ];

    // What tools made and nobody reads.
    private static readonly string[] Made = ["Migrations", "node_modules", "bin", "obj"];

    private static readonly string Root = Path.GetDirectoryName(Path.GetDirectoryName(ThisFile()))!;

    [Fact]
    public void Folders_use_only_those_that_stand_before_them() => Assert.Empty(Against(Folders, "SupportTickets"));

    [Fact]
    public void Folders_of_the_feed_use_only_those_that_stand_before_them() =>
        Assert.Empty(Against(FoldersOfOData, "SupportTickets.OData"));

    [Fact]
    public void Folders_of_access_use_only_those_that_stand_before_them() =>
        Assert.Empty(Against(FoldersOfAccess, "SupportTickets.Access"));

    [Fact]
    public void Folders_of_tickets_use_only_those_that_stand_before_them() =>
        Assert.Empty(Against(FoldersOfTickets, "SupportTickets.Tickets"));

    /// <summary>No <c>using</c> line tells: a folder sees what stands directly in the one above it.</summary>
    [Fact]
    public void The_calendar_does_not_know_the_ticket()
    {
        var ofTicket = Files("SupportTickets/Tickets").Where(file => file.Namespace == "SupportTickets.Tickets")
            .SelectMany(file => TypesAndSets().Matches(file.Code)).Select(match => match.Groups["name"].Value).ToHashSet();
        Assert.Superset(new HashSet<string> { "Ticket", "Status", "Tickets" }, ofTicket);
        var calendar = Files("SupportTickets/Tickets/Calendar").ToList();
        Assert.Contains(calendar, file => file.Text.Contains("class CalendarDay", StringComparison.Ordinal));
        Assert.Empty(calendar.SelectMany(file => Words().Matches(file.Code).Select(match => match.Value).Intersect(ofTicket)
            .Select(name => $"{file.Path}: names {name}")));
    }

    [Fact]
    public void The_folders_of_the_feed_do_not_know_the_endpoint_above_them() =>
        Assert.DoesNotContain(
            Files("SupportTickets/OData").Where(file => file.Namespace != "SupportTickets.OData"),
            file => EndpointOfFeed().IsMatch(file.Text));

    [Fact]
    public void Every_file_is_in_the_namespace_of_its_folder() =>
        Assert.All(Sources().Where(file => file.Declared is not null), file => Assert.Equal(file.Namespace, file.Declared));

    [Fact]
    public void A_line_has_at_most_140_columns() => Assert.Empty(
        from file in Sources().Concat(Files("SupportTickets.Tests"))
        from line in file.Text.Split('\n').Index()
        where line.Item.TrimEnd('\r').Length > 140
        select $"{file.Path}:{line.Index + 1}");

    [Fact]
    public void No_docstring_needs_the_one_before_it() =>
        Assert.DoesNotContain(Sources(), file => file.Text.Contains("<summary>The same", StringComparison.Ordinal));

    private static IEnumerable<string> Against(string[] order, string parent)
    {
        foreach (var file in Sources())
        {
            if (Folder(file.Namespace) is not { } own || (own.Length == 0 && !order.Contains("")) || IsContents(file))
                continue;
            if (Array.IndexOf(order, own) < 0)
                yield return $"{file.Path}: {own} has no place in the order";
            foreach (var name in Names(file))
            {
                if (Folder(name) is { } used && Array.IndexOf(order, used) > Array.IndexOf(order, own))
                    yield return $"{file.Path}: uses {name}, which stands behind it";
            }
        }

        string? Folder(string name) => name == parent ? ""
            : name.StartsWith(parent + ".", StringComparison.Ordinal) ? name[(parent.Length + 1)..].Split('.')[0]
            : null;

        // A name that does not begin at the top begins at the folder that the two have in common.
        IEnumerable<string> Names(Source file) => Usings().Matches(file.Text).Select(match => match.Groups["name"].Value)
            .Concat(Qualified().Matches(file.Code).Select(match => match.Value)
                .Select(name => name.StartsWith("SupportTickets.", StringComparison.Ordinal) ? name : $"{parent}.{name}"));

        // It registers what is in all the folders, and stands above them; it holds nothing that they could use.
        bool IsContents(Source file) => file.Namespace == parent && file.Path.EndsWith("Feature.cs", StringComparison.Ordinal);
    }

    private static IEnumerable<Source> Sources() => Files("SupportTickets").Concat(Files("Pages"));

    private static IEnumerable<Source> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !Array.Exists(Made, folder => path.Contains($"/{folder}/", StringComparison.Ordinal)))
            .Select(path => new Source(path, File.ReadAllText(Path.Combine(Root, path))));

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"^using (static )?(\w+ = )?(?<name>SupportTickets[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex Usings();

    [GeneratedRegex(@"(?<![\w.""])[A-Z]\w*\.[A-Z][\w.]*")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"\bFeedEndpoint\b|\bODataFeature\.")]
    private static partial Regex EndpointOfFeed();

    private sealed record Source(string Path, string Text)
    {
        /// <summary>That of its folder.</summary>
        public string Namespace => (Path.StartsWith("Pages", StringComparison.Ordinal) ? "SupportTickets." : "")
            + System.IO.Path.GetDirectoryName(Path)!.Replace('/', '.');

        /// <summary>Without its first lines and comments.</summary>
        public string Code => Aside().Replace(Text, "");

        /// <summary>That which it states; null where it states none.</summary>
        public string? Declared => NamespaceLine().Match(Text) is { Success: true } match ? match.Groups[1].Value : null;
    }

    [GeneratedRegex(@"^(using|namespace) .*$|//.*$", RegexOptions.Multiline)]
    private static partial Regex Aside();

    [GeneratedRegex(@"\b(class|record|struct|enum|interface) (?<name>\w+)|\bDbSet<\w+> (?<name>\w+) =>")]
    private static partial Regex TypesAndSets();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
