using System.Diagnostics;
using System.Globalization;

namespace SupportTickets.Tests.Benchmarks;

/// <summary>What was done in a time.</summary>
/// <param name="Count">Requests or statements.</param>
/// <param name="Seconds">The time.</param>
/// <param name="P50">Half of the requests took at most this long, in ms; 0 where it is not known.</param>
/// <param name="P99">All but a hundredth took at most this long.</param>
/// <param name="Errors">Requests that failed.</param>
internal sealed record Work(long Count, double Seconds, double P50, double P99, long Errors);

/// <summary>Sends requests as fast as they are answered.</summary>
internal static class Load
{
    /// <summary>Sends requests by wrk. What is not answered at the end is not waited for, so it is for short requests only.</summary>
    public static async Task<Work> WrkAsync(string address, int clients, int seconds, string kind, int tickets)
    {
        var text = await Tool.RunAsync(
            "wrk", "-t1", $"-c{clients}", $"-d{seconds}s", "--timeout", "60s", "-s", Path.Combine(AppContext.BaseDirectory, "wrk.lua"),
            address, "--", kind, tickets.ToString(CultureInfo.InvariantCulture));
        var numbers = text.Split('\n').Single(l => l.StartsWith("RESULT ", StringComparison.Ordinal)).Split(' ')[1..]
            .Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return new((long)numbers[0], numbers[1], numbers[2], numbers[3], (long)numbers[4]);
    }

    /// <summary>Sends requests with a client of its own, which waits for the last answer.</summary>
    public static async Task<Work> SlowAsync(HttpClient client, string path, int clients, int seconds)
    {
        var watch = Stopwatch.StartNew();
        var times = (await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => OneCallerAsync()))).SelectMany(t => t).Order().ToList();
        return new(times.Count, watch.Elapsed.TotalSeconds, At(times, 0.5), At(times, 0.99), 0);

        async Task<List<double>> OneCallerAsync()
        {
            var own = new List<double>();
            while (own.Count == 0 || watch.Elapsed.TotalSeconds < seconds)
                own.Add(await OnceAsync(client, path));
            return own;
        }
    }

    /// <summary>How long a request takes when nobody else asks, in ms: the median of up to ten, after two that do not count.</summary>
    public static async Task<double> AloneAsync(HttpClient client, string path)
    {
        var times = new List<double>();
        var watch = Stopwatch.StartNew();
        while (times.Count < 12 && (times.Count < 3 || watch.Elapsed < TimeSpan.FromSeconds(3)))
            times.Add(await OnceAsync(client, path));
        return At([.. times.Skip(2).Order()], 0.5);
    }

    private static async Task<double> OnceAsync(HttpClient client, string path)
    {
        var watch = Stopwatch.StartNew();
        using var answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await answer.Content.CopyToAsync(Stream.Null);
        return watch.Elapsed.TotalMilliseconds;
    }

    private static double At(List<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];
}

/// <summary>Programs that run to their end.</summary>
internal static class Tool
{
    /// <summary>Runs a program and gives its output.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it wrote about that.</exception>
    public static Task<string> RunAsync(string program, params string[] arguments) => RunAsync(new ProcessStartInfo(program, arguments));

    /// <inheritdoc cref="RunAsync(string, string[])" />
    public static async Task<string> RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output
            : throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}: {await errors}");
    }
}
