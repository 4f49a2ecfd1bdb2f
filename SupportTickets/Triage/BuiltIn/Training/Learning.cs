namespace SupportTickets.Triage.BuiltIn.Training;

/// <summary>Labelled texts as features, and the weights that are learned from them.</summary>
internal sealed class Learning
{
    /// <summary>A feature that fewer texts have is not learned.</summary>
    private const int MinTexts = 2;

    /// <summary>Every so many texts, one is held back to judge what was learned from the others.</summary>
    private const int HeldBack = 4;

    /// <summary>How much of a text with a second category counts for the first one.</summary>
    private const double FirstShare = 0.7;

    private readonly IReadOnlyList<LabelledText> _texts;
    private readonly Dictionary<Question, Sample[]> _samples;
    private readonly Dictionary<Question, double[]> _rarity;

    /// <summary>Reads the features of texts.</summary>
    public Learning(IReadOnlyList<LabelledText> texts)
    {
        _texts = texts;
        var (described, titled) = (new FeatureVector[texts.Count], new FeatureVector[texts.Count]);
        var seen = new int[FeatureVector.Places];
        for (var n = 0; n < texts.Count; n++)
        {
            described[n] = TextFeatures.Of(texts[n].Description);
            titled[n] = TextFeatures.Of(texts[n].Title, texts[n].Description);
            foreach (var place in described[n].Values.Concat(titled[n].Values).Select(v => v.Key).Distinct()) seen[place]++;
        }
        Places = [.. Enumerable.Range(0, seen.Length).Where(place => seen[place] >= MinTexts)];
        var dense = new int[FeatureVector.Places];
        Array.Fill(dense, -1);
        for (var n = 0; n < Places.Length; n++) dense[Places[n]] = n;
        _rarity = Enum.GetValues<Question>().ToDictionary(question => question, question => Rarity(question, seen));
        _samples = Enum.GetValues<Question>().ToDictionary(
            question => question,
            question => (question.SeesTitle() ? titled : described).Select(v => Scaled(Sample.Of(v, dense), _rarity[question])).ToArray());
    }

    /// <summary>The places of the features that are learned, ascending.</summary>
    public int[] Places { get; }

    /// <summary>Learns the weights of a question: for each place and then as a constant, one for each answer.</summary>
    public double[] Weights(Question question)
    {
        var weights = Learn(question, _ => true);
        // The features of a text that is judged later are not scaled, so the weights are.
        var answers = question.Answers();
        for (var n = 0; n < Places.Length * answers; n++) weights[n] *= _rarity[question][n / answers];
        return weights;
    }

    /// <summary>The scores of every fourth text by weights that were learned from the others, and what is right.</summary>
    public List<(double[] Scores, double[] Right)> Judged(Question question)
    {
        var judged = new List<(double[] Scores, double[] Right)>();
        var weights = Learn(question, n => n % HeldBack != 0);
        for (var n = 0; n < _texts.Count; n += HeldBack)
        {
            var scores = new double[question.Answers()];
            HeadTrainer.Scores(weights, _samples[question][n], scores.Length, Places.Length, scores);
            judged.Add((scores, Right(question, _texts[n])));
        }
        return judged;
    }

    private double[] Learn(Question question, Func<int, bool> isUsed)
    {
        int[] used = [.. Enumerable.Range(0, _texts.Count).Where(isUsed)];
        Sample[] samples = [.. used.Select(n => _samples[question][n])];
        var penalty = question.Penalty();
        return question == Question.Urgency
            ? HeadTrainer.Number(samples, [.. used.Select(n => _texts[n].Urgency / 100.0)], Places.Length, penalty, question.Steps())
            : HeadTrainer.Classes(samples, [.. used.Select(n => Right(question, _texts[n]))], Places.Length, penalty, question.Steps());
    }

    // Rare features say more than frequent ones, as in the usual inverse document frequency.
    private double[] Rarity(Question question, int[] seen) =>
    [
        .. Places.Select(place => SteadyMath.Log((_texts.Count + 1.0) / seen[place]) / 3)
            .Select(rarity => question.SeesTitle() ? Math.Sqrt(rarity) : rarity),
    ];

    private static Sample Scaled(Sample sample, double[] rarity) =>
        new(sample.Places, [.. sample.Places.Zip(sample.Values).Select(f => (float)(f.Second * rarity[f.First]))]);

    private static double[] Right(Question question, LabelledText text)
    {
        var right = new double[question.Answers()];
        var (first, other) = question switch
        {
            Question.Category => ((int)text.Category, (int?)text.OtherCategory),
            Question.Priority => ((int)text.Priority, null),
            Question.Sentiment => ((int)text.Sentiment, null),
            _ => throw new ArgumentOutOfRangeException(nameof(question), question, "It has no classes."),
        };
        right[first] = other is null ? 1 : FirstShare;
        if (other is { } second) right[second] = 1 - FirstShare;
        return right;
    }
}
