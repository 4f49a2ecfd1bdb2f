using System.Reflection;
using System.Text.RegularExpressions;

namespace SupportTickets.Tests.OData;

/// <summary>The page that says what the feed offers names a test for each item: they must be there.</summary>
public sealed partial class ConformanceTests
{
    [Fact]
    public void Every_test_that_the_conformance_page_names_exists()
    {
        var classes = typeof(ConformanceTests)
            .Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Tests", StringComparison.Ordinal))
            .ToLookup(type => type.Name);
        var named = 0;
        var missing = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs", "odata-conformance.md")))
        {
            // A test without its class is one of the class named before it in the row.
            IEnumerable<Type> type = [];
            foreach (Match name in Named().Matches(line))
            {
                if (name.Groups["class"].Success) type = classes[name.Groups["class"].Value];
                var method = name.Groups["method"];
                named++;
                if (!type.Any(t => !method.Success || t.GetMethod(method.Value, BindingFlags.Public | BindingFlags.Instance) is not null))
                    missing.Add(name.Value);
            }
        }
        Assert.Empty(missing);
        Assert.True(named > 100, $"{named} tests are named.");
    }

    [GeneratedRegex(
        @"`(?:(?<class>\w+Tests)(?:\.(?<method>[A-Z]\w+))?|(?<method>[A-Z][a-z0-9]*(?:_\w+){2,}))`", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
