namespace SupportTickets.Triage.BuiltIn.Training;

/// <summary>
/// Makes the built-in model from labelled texts. The same texts always give the same model: one order of additions, no chance.
/// </summary>
internal static class Trainer
{
    /// <summary>
    /// Of this share of the critical texts that it was not trained on it should say so: to miss one is worse than to call another one
    /// critical.
    /// </summary>
    private const double CriticalRecall = 0.83;

    private const double MaxLeaning = 5;

    /// <summary>Trains a model.</summary>
    public static LinearModel Train(IReadOnlyList<LabelledText> texts)
    {
        var learning = new Learning(texts);
        var questions = Enum.GetValues<Question>();
        var (heads, weights) = (new Head[questions.Length], new double[questions.Length][]);
        Parallel.ForEach(questions, question =>
        {
            weights[(int)question] = learning.Weights(question);
            heads[(int)question] = Head(learning, question, weights[(int)question]);
        });
        return Pack(heads, weights, learning.Places);
    }

    private static Head Head(Learning learning, Question question, double[] weights)
    {
        var answers = question.Answers();
        var constants = weights[^answers..];
        var largest = weights.SkipLast(answers).Max(Math.Abs);
        var leanings = Enumerable.Repeat(1.0, answers).ToArray();
        var temperature = 1.0;
        if (answers > 1)
        {
            var judged = learning.Judged(question);
            temperature = Temperature(judged);
            if (question == Question.Priority) leanings[^1] = Leaning(judged, temperature);
        }
        return new(
            question.ToString(), Rounded(constants), Rounded(leanings), (float)(largest / sbyte.MaxValue), (float)temperature);
    }

    // As they are in the file.
    private static double[] Rounded(double[] numbers) => [.. numbers.Select(number => (double)(float)number)];

    // The one at which the right answers are least surprising.
    private static double Temperature(IReadOnlyList<(double[] Scores, double[] Right)> judged) =>
        Enumerable.Range(8, 60).Select(step => step / 20.0).MinBy(temperature => judged.Sum(j =>
            HeadTrainer.SoftmaxLoss([.. j.Scores.Select(score => score / temperature)], j.Right)));

    // How much the last answer is preferred, so that enough of those whose right answer it is get it.
    private static double Leaning(IReadOnlyList<(double[] Scores, double[] Right)> judged, double temperature)
    {
        var critical = judged.Where(j => j.Right[^1] == 1).ToList();
        for (var leaning = 1.0; leaning < MaxLeaning; leaning += 0.1)
        {
            var head = new Head("", [0, 0, 0, 0], [1, 1, 1, leaning], 1, temperature);
            var found = critical.Count(j => head.Pick(head.Probabilities(j.Scores)) == j.Right.Length - 1);
            if (found >= CriticalRecall * critical.Count) return leaning;
        }
        return MaxLeaning;
    }

    private static LinearModel Pack(Head[] heads, double[][] weights, int[] places)
    {
        var width = heads.Sum(head => head.Answers);
        var packed = new sbyte[places.Length * width];
        var column = 0;
        foreach (var (head, values) in heads.Zip(weights))
        {
            for (var place = 0; place < places.Length; place++)
            {
                for (var answer = 0; answer < head.Answers; answer++)
                    packed[place * width + column + answer] = (sbyte)Math.Round(values[place * head.Answers + answer] / head.Scale);
            }
            column += head.Answers;
        }
        return new LinearModel(heads, places, packed);
    }
}
