namespace SupportTickets.Triage.BuiltIn.Training;

/// <summary>
/// Finds the lowest point of a smooth function by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5). One thread, and
/// always the same order of additions, so that the result is the same everywhere.
/// </summary>
internal static class Descent
{
    private const int Memory = 6, MaxHalvings = 30;
    private const double Enough = 1e-4;

    /// <summary>The value of the function at a point; fills in its slope there.</summary>
    public delegate double Function(double[] point, double[] slope);

    /// <summary>Moves a point downhill, at most a number of steps.</summary>
    public static void Run(Function function, double[] point, int maxSteps)
    {
        var (slope, next, nextSlope) = (new double[point.Length], new double[point.Length], new double[point.Length]);
        var past = new List<(double[] Moved, double[] Turned, double Product)>();
        var value = function(point, slope);
        for (var step = 0; step < maxSteps; step++)
        {
            var direction = Direction(slope, past);
            var descent = Dot(direction, slope);
            if (descent > -1e-12) return;
            var length = past.Count == 0 ? 1 / Math.Sqrt(Dot(slope, slope)) : 1.0;
            double nextValue;
            for (var tries = 0; ; tries++, length /= 2)
            {
                for (var i = 0; i < point.Length; i++) next[i] = point[i] + length * direction[i];
                nextValue = function(next, nextSlope);
                if (nextValue <= value + Enough * length * descent) break;
                if (tries == MaxHalvings) return;
            }
            Remember(past, point, next, slope, nextSlope);
            var gained = value - nextValue;
            (value, _) = (nextValue, next.AsSpan().TryCopyTo(point));
            (slope, nextSlope) = (nextSlope, slope);
            if (gained < 1e-7 * Math.Abs(value)) return;
        }
    }

    private static void Remember(
        List<(double[] Moved, double[] Turned, double Product)> past, double[] from, double[] to, double[] slope, double[] nextSlope)
    {
        var (moved, turned) = (new double[from.Length], new double[from.Length]);
        for (var i = 0; i < from.Length; i++) (moved[i], turned[i]) = (to[i] - from[i], nextSlope[i] - slope[i]);
        var product = Dot(moved, turned);
        if (product <= 1e-12) return;
        if (past.Count == Memory) past.RemoveAt(0);
        past.Add((moved, turned, product));
    }

    private static double[] Direction(double[] slope, List<(double[] Moved, double[] Turned, double Product)> past)
    {
        var direction = new double[slope.Length];
        for (var i = 0; i < slope.Length; i++) direction[i] = -slope[i];
        if (past.Count == 0) return direction;
        var shares = new double[past.Count];
        for (var n = past.Count - 1; n >= 0; n--)
        {
            shares[n] = Dot(past[n].Moved, direction) / past[n].Product;
            AddTo(direction, past[n].Turned, -shares[n]);
        }
        var scale = past[^1].Product / Dot(past[^1].Turned, past[^1].Turned);
        for (var i = 0; i < direction.Length; i++) direction[i] *= scale;
        for (var n = 0; n < past.Count; n++)
            AddTo(direction, past[n].Moved, shares[n] - Dot(past[n].Turned, direction) / past[n].Product);
        return direction;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static void AddTo(double[] target, double[] added, double times)
    {
        for (var i = 0; i < target.Length; i++) target[i] += times * added[i];
    }
}
