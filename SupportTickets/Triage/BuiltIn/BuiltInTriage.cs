using SupportTickets.Configuration;
using SupportTickets.Tickets;

namespace SupportTickets.Triage.BuiltIn;

/// <summary>An answer of the built-in model and how sure it is of it.</summary>
/// <param name="Value">The answer.</param>
/// <param name="Confidence">The share of such answers that are right, 0 to 1; 0 for a text that it cannot read.</param>
public readonly record struct Likely<T>(T Value, double Confidence);

/// <summary>
/// Category, priority, sentiment and urgency of a text by the weights that come with the program: nothing leaves the machine. Thread-safe;
/// about a millisecond for a text. Without a usable file of weights it is off.
/// </summary>
public sealed class BuiltInTriage
{
    /// <summary>What its answers are recorded under.</summary>
    public const string Name = "built-in";

    /// <summary>A text of which no more than this share of the words is known gets no confidence.</summary>
    private const double MinKnown = 0.55;

    private readonly LinearModel? _model;

    /// <summary>Loads the weights that come with the program, unless triage is off.</summary>
    public BuiltInTriage(ModelPath path, TriageSettings settings, ILogger<BuiltInTriage> log)
    {
        if (settings.Mode == TriageMode.off)
            return;
        try
        {
            var model = ModelFile.Read(File.ReadAllBytes(path.File));
            if (!model.Heads.Select(head => (head.Name, head.Answers)).SequenceEqual(
                Enum.GetValues<Question>().Select(question => (question.ToString(), question.Answers()))))
                throw new InvalidDataException("it answers other questions");
            _model = model;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            log.LogError(
                "The built-in model is off: {File} cannot be used: {Reason}", path.File, error.Message.TrimEnd('.') + ".");
        }
    }

    internal BuiltInTriage(LinearModel? model) => _model = model;

    /// <summary>Whether it can answer.</summary>
    public bool IsReady => _model is not null;

    /// <summary>The most likely category and priority of a description.</summary>
    /// <exception cref="InvalidOperationException">It is not ready.</exception>
    public (Likely<Category> Category, Likely<Priority> Priority) Classify(string description)
    {
        var features = TextFeatures.Of(description);
        var (category, priority) = (Best<Category>(Question.Category, features), Best<Priority>(Question.Priority, features));
        return IsStrange(description) ? (category with { Confidence = 0 }, priority with { Confidence = 0 }) : (category, priority);
    }

    /// <summary>The score of title and description.</summary>
    /// <exception cref="InvalidOperationException">It is not ready.</exception>
    public Score Score(string title, string description)
    {
        var features = TextFeatures.Of(title, description);
        var urgency = Model.Number((int)Question.Urgency, features) * 100;
        return new(Best<Sentiment>(Question.Sentiment, features).Value, (int)Math.Clamp(Math.Round(urgency), 0, 100));
    }

    /// <summary>A title for a description: its sentence that says most, 1 to 80 code points.</summary>
    /// <exception cref="InvalidOperationException">It is not ready.</exception>
    public string Title(string description) => TitlePicker.Pick(
        description, sentence => Model.Probabilities((int)Question.Category, TextFeatures.Of(sentence)).Max());

    // Digits only, or a language that it does not know: it would be sure for the wrong reasons.
    private bool IsStrange(string text)
    {
        var words = Tokens.Of(text).Where(word => word.Any(char.IsLetter)).ToList();
        if (words.Count == 0) return true;
        var known = words.Count(word => Model.Knows(FeatureVector.Place('w', word))) / (double)words.Count;
        var byChance = Model.Places.Length / (double)FeatureVector.Places; // a word that shares its place with something else
        return (known - byChance) / (1 - byChance) <= MinKnown;
    }

    private LinearModel Model => _model ?? throw new InvalidOperationException("The built-in model is not ready.");

    private Likely<T> Best<T>(Question question, FeatureVector features) where T : struct, Enum
    {
        var probabilities = Model.Probabilities((int)question, features);
        var best = Model.Heads[(int)question].Pick(probabilities);
        return new(Enum.GetValues<T>()[best], probabilities[best]);
    }
}

/// <summary>Where the weights of the built-in model are.</summary>
/// <param name="File">The path of the file.</param>
public sealed record ModelPath(string File)
{
    /// <summary>The file that comes with the program.</summary>
    public static readonly ModelPath Shipped = new(Path.Combine(AppContext.BaseDirectory, "triage.model"));
}
