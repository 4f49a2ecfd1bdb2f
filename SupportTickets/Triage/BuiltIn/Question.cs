namespace SupportTickets.Triage.BuiltIn;

/// <summary>What the built-in model is asked; the number of the question in its file.</summary>
internal enum Question
{
    /// <summary>Category, from the description.</summary>
    Category,
    /// <summary>Priority, from the description.</summary>
    Priority,
    /// <summary>Sentiment, from title and description.</summary>
    Sentiment,
    /// <summary>Urgency, from title and description: a number, as a hundredth of it.</summary>
    Urgency,
}

/// <summary>What is known of each question.</summary>
internal static class QuestionExtensions
{
    /// <summary>How many answers there are to choose from; 1 for a number.</summary>
    public static int Answers(this Question question) => question == Question.Urgency ? 1 : 4;

    /// <summary>Whether the title is known when it is asked.</summary>
    public static bool SeesTitle(this Question question) => question is Question.Sentiment or Question.Urgency;

    /// <summary>
    /// How many steps the search for the weights takes: fewer steps avoid large weights, too. Chosen on texts that were held back.
    /// </summary>
    public static int Steps(this Question question) => question.SeesTitle() ? 50 : 25;

    /// <summary>How strongly large weights are avoided in training; chosen by cross-validation.</summary>
    public static double Penalty(this Question question) => question switch
    {
        Question.Category => 0.2,
        Question.Priority => 0.3,
        Question.Sentiment => 0.2,
        Question.Urgency => 0.3,
        _ => throw new ArgumentOutOfRangeException(nameof(question)),
    };
}
