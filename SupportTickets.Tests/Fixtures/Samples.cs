using System.Globalization;
using CsCheck;

namespace SupportTickets.Tests.Fixtures;

/// <summary>
/// Property tests with the same cases on each run: a change is refused for what it does, not for bad luck. Other cases
/// are tried by TEST_SEED, a whole number.
/// </summary>
internal static class Samples
{
    private static readonly ulong Seed = ulong.TryParse(
        Environment.GetEnvironmentVariable("TEST_SEED"), CultureInfo.InvariantCulture, out var seed)
        ? seed
        : 1;

    /// <summary>Checks cases; the first one that fails is made smaller by CsCheck as far as it goes.</summary>
    public static void ForSamples<T>(this Gen<T> gen, Action<T> check, int count = 100)
    {
        var source = new PCG(1, Seed);
        for (var n = 0; n < count; n++)
        {
            var state = source.ToString();
            var sample = gen.Generate(source, null, out _);
            try
            {
                check(sample);
            }
            catch
            {
                gen.Sample(check, seed: state, threads: 1);
                throw;
            }
        }
    }

    /// <inheritdoc cref="ForSamples{T}" />
    public static void ForSamples<T1, T2>(this Gen<(T1, T2)> gen, Action<T1, T2> check) =>
        gen.ForSamples(sample => check(sample.Item1, sample.Item2));

    /// <summary>Checks cases that take a desk, so that they cannot be made smaller: each says itself what it is.</summary>
    public static async Task ForSamplesAsync<T>(this Gen<T> gen, int count, Func<T, Task> check, int threads = 1)
    {
        var source = new PCG(1, Seed);
        var samples = Enumerable.Range(0, count).Select(_ => gen.Generate(source, null, out var _));
        await Parallel.ForEachAsync(
            samples, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = TestContext.Current.CancellationToken },
            async (sample, _) => await check(sample));
    }
}
