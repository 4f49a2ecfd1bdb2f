namespace SupportTickets.Triage.BuiltIn;

/// <summary>One question of the built-in model: which of several answers fits a text, or how large a number is.</summary>
/// <param name="Name">What is asked.</param>
/// <param name="Constants">The score of each answer before any feature counts; one for a number.</param>
/// <param name="Leanings">
/// Each probability is multiplied by its answer's before the highest is picked: above 1 where missing an answer is worse than giving it
/// too often.
/// </param>
/// <param name="Scale">What a weight of 1 in the file is worth.</param>
/// <param name="Temperature">Scores are divided by it, so that probabilities are as high as the answers are right.</param>
internal sealed record Head(string Name, double[] Constants, double[] Leanings, double Scale, double Temperature)
{
    /// <summary>How many answers there are; 1 for a number.</summary>
    public int Answers => Constants.Length;

    /// <summary>How likely each answer is right, from the scores of a text.</summary>
    public double[] Probabilities(double[] scores)
    {
        double[] probabilities = [.. scores.Select(score => score / Temperature)];
        SteadyMath.Softmax(probabilities);
        return probabilities;
    }

    /// <summary>The answer to give for these probabilities.</summary>
    public int Pick(double[] probabilities)
    {
        var best = 0;
        for (var answer = 1; answer < probabilities.Length; answer++)
        {
            if (probabilities[answer] * Leanings[answer] > probabilities[best] * Leanings[best]) best = answer;
        }
        return best;
    }
}
