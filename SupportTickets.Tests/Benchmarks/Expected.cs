using System.Text.Json;

namespace SupportTickets.Tests.Benchmarks;

/// <summary>The ratios of expected.json, which were measured with 20,000 tickets.</summary>
internal static class Expected
{
    private static readonly Lazy<Dictionary<string, Dictionary<string, double>>> Ratios = new(() =>
        JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, double>>>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "expected.json")))!);

    /// <summary>The ratio of a line; null when none is expected.</summary>
    public static double? Ratio(bool isPostgres, string name) =>
        Ratios.Value[isPostgres ? "postgres" : "sqlite"].TryGetValue(name, out var ratio) ? ratio : null;

    /// <summary>Whether a ratio is less than half of what is expected. Less would be no news, because machines differ.</summary>
    public static bool IsTooSlow(bool isPostgres, string name, double ratio) => ratio < Ratio(isPostgres, name) / 2;
}
