namespace SupportTickets.Triage.BuiltIn.Training;

/// <summary>The features of a text that is learned from, as two arrays of the same length.</summary>
/// <param name="Places">Places of features.</param>
/// <param name="Values">Their values.</param>
internal sealed record Sample(int[] Places, float[] Values)
{
    /// <summary>The features of a vector that have a place among those that are learned.</summary>
    /// <param name="features">The features.</param>
    /// <param name="dense">The number of each place among those that are learned; negative for the others.</param>
    public static Sample Of(FeatureVector features, int[] dense)
    {
        var kept = features.Values.Where(f => dense[f.Key] >= 0).ToArray();
        return new([.. kept.Select(f => dense[f.Key])], [.. kept.Select(f => f.Value)]);
    }
}
