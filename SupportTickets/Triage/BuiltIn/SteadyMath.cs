namespace SupportTickets.Triage.BuiltIn;

/// <summary>
/// The exponential function, the logarithm and what is made of them, by additions and multiplications only. The platform's may differ in
/// the last bit from one processor to another, and the same training data must give the same file everywhere.
/// </summary>
internal static class SteadyMath
{
    private const double Ln2 = 0.693147180559945309417;

    /// <summary>e to the power of a number; 0 below -700, and numbers above 700 count as 700.</summary>
    public static double Exp(double x)
    {
        if (x < -700) return 0;
        if (x > 700) x = 700;
        var twos = Math.Round(x / Ln2);
        var rest = x - twos * Ln2; // at most 0.35
        double sum = 1, term = 1;
        for (var n = 1; n <= 16; n++)
        {
            term *= rest / n;
            sum += term;
        }
        return sum * BitConverter.Int64BitsToDouble(((long)twos + 1023) << 52);
    }

    /// <summary>Turns scores into probabilities that add up to 1, in place: the softmax function.</summary>
    public static void Softmax(double[] scores)
    {
        var highest = scores.Max();
        var sum = 0.0;
        for (var n = 0; n < scores.Length; n++) sum += scores[n] = Exp(scores[n] - highest);
        for (var n = 0; n < scores.Length; n++) scores[n] /= sum;
    }

    /// <summary>The natural logarithm of a positive number.</summary>
    public static double Log(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var result = ((bits >> 52) - 1023) * Ln2;
        for (var n = 0; n < 6; n++) result += x * Exp(-result) - 1; // Newton's method
        return result;
    }
}
