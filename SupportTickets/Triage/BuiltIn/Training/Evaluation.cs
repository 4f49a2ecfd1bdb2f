using System.Globalization;
using System.Text;
using SupportTickets.Tickets;

namespace SupportTickets.Triage.BuiltIn.Training;

/// <summary>How good a model is on labelled texts that it was not trained on.</summary>
internal sealed class Evaluation
{
    private const int Bins = 10;

    private readonly List<Judged> _judged;

    /// <summary>Asks the model about each text.</summary>
    public Evaluation(BuiltInTriage triage, IEnumerable<LabelledText> texts) => _judged = [.. texts.Select(text =>
    {
        var (category, priority) = triage.Classify(text.Description);
        return new Judged(text, category, priority, triage.Score(text.Title, text.Description));
    })];

    /// <summary>The share of categories that are right; a second category that is as right counts too.</summary>
    public double Category => Share(_judged, IsCategoryRight);

    /// <summary>The share of priorities that are right.</summary>
    public double Priority => Share(_judged, IsPriorityRight);

    /// <summary>The share of critical texts that are called critical.</summary>
    public double CriticalRecall => Share(_judged.Where(j => j.Text.Priority == Tickets.Priority.critical), IsPriorityRight);

    /// <summary>The share of sentiments that are right.</summary>
    public double Sentiment => Share(_judged, IsSentimentRight);

    /// <summary>How far the urgency is off on average, in points of 0 to 100.</summary>
    public double UrgencyError => _judged.Count == 0 ? 0 : _judged.Average(j => Math.Abs(j.Score.UrgencyScore - j.Text.Urgency));

    /// <summary>How far the confidence of categories is from the share that is right, on average over ten ranges of confidence.</summary>
    public double CategoryCalibration => Calibration(j => j.Category.Confidence, IsCategoryRight);

    /// <summary>How far the confidence of priorities is from the share that is right.</summary>
    public double PriorityCalibration => Calibration(j => j.Priority.Confidence, IsPriorityRight);

    /// <summary>The figures as tables of Markdown.</summary>
    public string Report()
    {
        var report = new StringBuilder();
        Line($"| what | {_judged.Count} texts | wanted |");
        Line($"|---|--:|--:|");
        Line($"| category | {Category:0.000} | 0.85 |");
        Line($"| priority | {Priority:0.000} | 0.68 |");
        Line($"| critical ones found | {CriticalRecall:0.000} | 0.80 |");
        Line($"| sentiment | {Sentiment:0.000} | 0.72 |");
        Line($"| urgency, mean absolute error | {UrgencyError:0.0} | 13 |");
        foreach (var language in _judged.GroupBy(j => j.Text.Language).OrderBy(g => g.Key, StringComparer.Ordinal))
            Line($"| category, {language.Key} ({language.Count()}) | {Share(language, IsCategoryRight):0.000} | 0.75 |");
        Line($"| calibration error, category | {CategoryCalibration:0.000} | 0.08 |");
        Line($"| calibration error, priority | {PriorityCalibration:0.000} | 0.08 |");
        Confusion<Category>("category", j => j.Text.Category, j => j.Category.Value);
        Confusion<Priority>("priority", j => j.Text.Priority, j => j.Priority.Value);
        Confusion<Sentiment>("sentiment", j => j.Text.Sentiment, j => j.Score.Sentiment);
        return report.ToString();

        void Line(FormattableString line) => report.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

        void Confusion<T>(string name, Func<Judged, T> right, Func<Judged, T> given) where T : struct, Enum
        {
            var answers = Enum.GetValues<T>();
            Line($"");
            Line($"| {name}: right, then given | {string.Join(" | ", answers)} |");
            Line($"|---|{string.Concat(answers.Select(_ => "--:|"))}");
            foreach (var row in answers)
            {
                var counts = answers.Select(answer => _judged.Count(j => right(j).Equals(row) && given(j).Equals(answer)));
                Line($"| {row} | {string.Join(" | ", counts)} |");
            }
        }
    }

    private double Calibration(Func<Judged, double> confidence, Func<Judged, bool> isRight) => _judged
        .GroupBy(j => Math.Min((int)(confidence(j) * Bins), Bins - 1))
        .Sum(bin => Math.Abs(bin.Average(confidence) - Share(bin, isRight)) * bin.Count() / _judged.Count);

    private static double Share(IEnumerable<Judged> judged, Func<Judged, bool> isRight) =>
        judged.ToList() is { Count: > 0 } all ? (double)all.Count(isRight) / all.Count : 0;

    private static bool IsCategoryRight(Judged j) => j.Category.Value == j.Text.Category || j.Category.Value == j.Text.OtherCategory;

    private static bool IsPriorityRight(Judged j) => j.Priority.Value == j.Text.Priority;

    private static bool IsSentimentRight(Judged j) => j.Score.Sentiment == j.Text.Sentiment;

    private sealed record Judged(LabelledText Text, Likely<Category> Category, Likely<Priority> Priority, Score Score);
}
