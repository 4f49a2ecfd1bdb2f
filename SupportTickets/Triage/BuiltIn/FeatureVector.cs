using System.Runtime.InteropServices;

namespace SupportTickets.Triage.BuiltIn;

/// <summary>
/// What a linear model sees of a text: numbers (features), most of which are zero. Each feature has a place by the hash of its name,
/// so that no list of names has to be kept. Places are from 0 to <see cref="Places"/> - 1.
/// </summary>
internal sealed class FeatureVector
{
    /// <summary>How many places there are: enough that few of the features of the training data share one.</summary>
    public const int Places = 1 << 20;

    private readonly Dictionary<int, float> _values = [];
    private readonly Dictionary<int, float> _group = [];

    /// <summary>The places that are not zero, in the order of their first use.</summary>
    public IEnumerable<KeyValuePair<int, float>> Values => _values;

    /// <summary>Counts a feature once more in the open group.</summary>
    /// <param name="kind">Keeps features of different kinds apart that have the same name.</param>
    /// <param name="name">Its name.</param>
    /// <param name="more">The rest of its name, for a pair of words.</param>
    public void Count(char kind, ReadOnlySpan<char> name, ReadOnlySpan<char> more = default) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_group, Place(kind, name, more), out _)++;

    /// <summary>The place of a feature.</summary>
    public static int Place(char kind, ReadOnlySpan<char> name, ReadOnlySpan<char> more = default)
    {
        var hash = Hash(2166136261, [kind]);
        hash = Hash(hash, name);
        if (!more.IsEmpty) hash = Hash(Hash(hash, [' ']), more);
        hash ^= hash >> 15;
        hash *= 0x85ebca6b;
        hash ^= hash >> 13;
        return (int)(hash % Places);
    }

    /// <summary>
    /// Ends the open group. Its counts become values whose squares add up to the square of a weight, so that a long text does not
    /// outweigh a short one.
    /// </summary>
    public void EndGroup(float weight)
    {
        var squares = 0.0;
        foreach (var count in _group.Values) squares += Math.Sqrt(count);
        if (squares > 0)
        {
            var scale = weight / Math.Sqrt(squares);
            foreach (var (place, count) in _group)
                CollectionsMarshal.GetValueRefOrAddDefault(_values, place, out _) += (float)(Math.Sqrt(Math.Sqrt(count)) * scale);
        }
        _group.Clear();
    }

    // FNV-1a over UTF-16 units.
    private static uint Hash(uint hash, ReadOnlySpan<char> text)
    {
        foreach (var c in text) hash = (hash ^ c) * 16777619;
        return hash;
    }
}
