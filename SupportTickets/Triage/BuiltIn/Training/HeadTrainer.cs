namespace SupportTickets.Triage.BuiltIn.Training;

/// <summary>Learns the weights of one question of the model: which of several classes a text has, or which number.</summary>
internal static class HeadTrainer
{
    /// <summary>Multinomial logistic regression with a penalty on large weights.</summary>
    /// <param name="samples">The texts.</param>
    /// <param name="classes">The class of each text, as shares that add up to 1.</param>
    /// <param name="places">How many places of features there are.</param>
    /// <param name="penalty">How strongly large weights are avoided.</param>
    /// <param name="maxSteps">The most steps of the search.</param>
    /// <returns>For each place and then the constant, one weight for each class.</returns>
    public static double[] Classes(IReadOnlyList<Sample> samples, double[][] classes, int places, double penalty, int maxSteps)
    {
        var outputs = classes[0].Length;
        var weights = new double[(places + 1) * outputs];
        var scores = new double[outputs];
        Descent.Run((point, slope) =>
        {
            var loss = Penalty(point, slope, places * outputs, penalty);
            for (var s = 0; s < samples.Count; s++)
            {
                var sample = samples[s];
                Scores(point, sample, outputs, places, scores);
                loss += SoftmaxLoss(scores, classes[s]);
                for (var o = 0; o < outputs; o++) scores[o] -= classes[s][o];
                AddSlope(slope, sample, outputs, places, scores);
            }
            return loss;
        }, weights, maxSteps);
        return weights;
    }

    /// <summary>Linear regression with a penalty on large weights.</summary>
    public static double[] Number(IReadOnlyList<Sample> samples, double[] targets, int places, double penalty, int maxSteps)
    {
        var weights = new double[places + 1];
        var score = new double[1];
        Descent.Run((point, slope) =>
        {
            var loss = Penalty(point, slope, places, penalty);
            for (var s = 0; s < samples.Count; s++)
            {
                Scores(point, samples[s], 1, places, score);
                score[0] -= targets[s];
                loss += score[0] * score[0] / 2;
                AddSlope(slope, samples[s], 1, places, score);
            }
            return loss;
        }, weights, maxSteps);
        return weights;
    }

    /// <summary>Turns scores into probabilities.</summary>
    /// <returns>How unlikely the right answer was: the negative logarithm of its probability.</returns>
    public static double SoftmaxLoss(double[] scores, double[] right)
    {
        SteadyMath.Softmax(scores);
        var loss = 0.0;
        for (var o = 0; o < scores.Length; o++)
        {
            if (right[o] > 0) loss -= right[o] * SteadyMath.Log(Math.Max(scores[o], 1e-300));
        }
        return loss;
    }

    /// <summary>The scores of a text.</summary>
    public static void Scores(double[] weights, Sample sample, int outputs, int places, double[] scores)
    {
        Array.Copy(weights, places * outputs, scores, 0, outputs);
        for (var f = 0; f < sample.Places.Length; f++)
        {
            var (at, value) = (sample.Places[f] * outputs, sample.Values[f]);
            for (var o = 0; o < outputs; o++) scores[o] += weights[at + o] * value;
        }
    }

    private static double Penalty(double[] point, double[] slope, int count, double penalty)
    {
        var squares = 0.0;
        for (var i = 0; i < count; i++)
        {
            squares += point[i] * point[i];
            slope[i] = penalty * point[i];
        }
        Array.Clear(slope, count, slope.Length - count);
        return penalty * squares / 2;
    }

    private static void AddSlope(double[] slope, Sample sample, int outputs, int places, double[] errors)
    {
        for (var f = 0; f < sample.Places.Length; f++)
        {
            var (at, value) = (sample.Places[f] * outputs, sample.Values[f]);
            for (var o = 0; o < outputs; o++) slope[at + o] += errors[o] * value;
        }
        for (var o = 0; o < outputs; o++) slope[places * outputs + o] += errors[o];
    }
}
