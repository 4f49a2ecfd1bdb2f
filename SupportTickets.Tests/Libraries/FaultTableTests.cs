using System.Reflection;
using System.Text.RegularExpressions;

namespace SupportTickets.Tests.Libraries;

/// <summary>The tables of docs/decisions/0028-library-faults.md are true of the tests of this folder and of our code.</summary>
public sealed partial class FaultTableTests
{
    private static readonly Assembly Tests = typeof(FaultTableTests).Assembly;

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "docs", "library-faults.md"));

    [Fact]
    public void Each_fault_has_its_row()
    {
        var tests = Tests.GetTypes().Where(type => type.Name.EndsWith("Faults", StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods().Where(method => method.GetCustomAttributes<FactAttribute>().Any()))
            .Select(test => $"{test.DeclaringType!.Name}.{test.Name}").Order(StringComparer.Ordinal);
        var rows = new List<string>();
        var heading = "";
        foreach (var line in Lines)
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) heading = Name().Match(line).Groups[1].Value;
            else if (Row().Match(line) is { Success: true } row) rows.Add($"{heading}.{row.Groups["test"].Value}");
        }
        Assert.Equal(tests, rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_code_that_the_rows_name_is_there()
    {
        var types = typeof(Program).Assembly.GetTypes().Concat(Tests.GetTypes()).Select(type => type.Name).ToHashSet();
        var named = Lines.Select(line => Row().Match(line)).SelectMany(row => Name().Matches(row.Groups["code"].Value))
            .Select(name => name.Groups[1].Value).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, types));
    }

    [GeneratedRegex(@"`(\w+)(?:\.\w+)?`")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\| `(?<test>\w+)` \|.*\| (?<code>[^|]+) \|$")]
    private static partial Regex Row();
}
