namespace SupportTickets.Triage.BuiltIn;

/// <summary>Which features the built-in model reads from a ticket. A change here needs a new training.</summary>
internal static class TextFeatures
{
    private const int AfterNot = 3, First = 10, MinLetters = 3, MaxLetters = 6, MaxWordLength = 40;
    private const float OfWords = 1, OfLetters = 1.2f, OfSignals = 0.6f, OfTitle = 0.7f;

    /// <summary>The features of a description alone.</summary>
    public static FeatureVector Of(string description)
    {
        var features = new FeatureVector();
        Add(features, description);
        return features;
    }

    /// <summary>The features of a title and a description.</summary>
    public static FeatureVector Of(string title, string description)
    {
        var features = new FeatureVector();
        Add(features, title + "\n" + description);
        foreach (var word in Tokens.Of(title)) features.Count('t', word);
        features.EndGroup(OfTitle);
        return features;
    }

    private static void Add(FeatureVector features, string text)
    {
        text = Tokens.Beginning(text);
        var words = Tokens.Of(text);
        var negated = 0;
        for (var i = 0; i < words.Count; i++)
        {
            features.Count('w', words[i]);
            if (i > 0) features.Count('w', words[i - 1], words[i]);
            if (i < First) features.Count('f', words[i]);
            if (negated-- > 0) features.Count('n', words[i]);
            if (Signals.Negates(words[i])) negated = AfterNot;
        }
        features.EndGroup(OfWords);
        foreach (var word in words) AddParts(features, word);
        features.EndGroup(OfLetters);
        Signals.Count(features, text, words);
        features.EndGroup(OfSignals);
    }

    // The parts of a word are alike where a word is misspelled, inflected or compounded.
    private static void AddParts(FeatureVector features, string word)
    {
        if (word.Length is < MinLetters or > MaxWordLength) return;
        var marked = $"<{word}>";
        for (var length = MinLetters; length <= MaxLetters; length++)
        {
            for (var at = 0; at + length <= marked.Length; at++) features.Count('c', marked.AsSpan(at, length));
        }
    }
}
