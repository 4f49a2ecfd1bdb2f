namespace SupportTickets.Triage.BuiltIn;

/// <summary>
/// The weights of the built-in model: for each feature that was learned one byte for each answer of each question. Which features a
/// text has is in <see cref="TextFeatures"/>. Immutable and thread-safe.
/// </summary>
internal sealed class LinearModel
{
    private readonly int[] _rows; // of each place: the number of its row, plus 1; 0 where nothing was learned
    private readonly int[] _columns; // of each question: where its answers begin in a row

    /// <summary>Makes a model of weights.</summary>
    /// <param name="heads">Its questions.</param>
    /// <param name="places">The places of the features that were learned, ascending.</param>
    /// <param name="weights">For each place, one weight for each answer of each question.</param>
    /// <exception cref="ArgumentException">They do not fit together.</exception>
    public LinearModel(IReadOnlyList<Head> heads, int[] places, sbyte[] weights)
    {
        (Heads, Places, Weights, Width) = (heads, places, weights, heads.Sum(head => head.Answers));
        if (weights.Length != places.Length * Width)
            throw new ArgumentException("There must be one weight for each place and answer.", nameof(weights));
        _columns = [.. heads.Select((_, index) => heads.Take(index).Sum(head => head.Answers))];
        _rows = new int[FeatureVector.Places];
        for (var row = 0; row < places.Length; row++) _rows[places[row]] = row + 1;
    }

    /// <summary>The questions it answers.</summary>
    public IReadOnlyList<Head> Heads { get; }

    /// <summary>The places of the features that were learned, ascending.</summary>
    public int[] Places { get; }

    /// <summary>For each place, one weight for each answer of each question.</summary>
    public sbyte[] Weights { get; }

    /// <summary>How many answers all questions have together.</summary>
    public int Width { get; }

    /// <summary>Whether the feature of a place was learned.</summary>
    public bool Knows(int place) => _rows[place] > 0;

    /// <summary>The probability of each answer to a question; they add up to 1.</summary>
    /// <param name="question">The number of the question.</param>
    /// <param name="features">The features of the text.</param>
    public double[] Probabilities(int question, FeatureVector features) => Heads[question].Probabilities(Scores(question, features));

    /// <summary>The number that a question asks for.</summary>
    public double Number(int question, FeatureVector features) => Scores(question, features)[0];

    // The score of each answer to a question: the higher, the more likely.
    private double[] Scores(int question, FeatureVector features)
    {
        var head = Heads[question];
        var sums = new double[head.Answers];
        foreach (var (place, value) in features.Values)
        {
            if (_rows[place] is not (> 0 and var row)) continue;
            var at = (row - 1) * Width + _columns[question];
            for (var answer = 0; answer < sums.Length; answer++) sums[answer] += Weights[at + answer] * value;
        }
        for (var answer = 0; answer < sums.Length; answer++) sums[answer] = head.Constants[answer] + sums[answer] * head.Scale;
        return sums;
    }
}
