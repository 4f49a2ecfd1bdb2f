using System.Security.Cryptography;

namespace SupportTickets.Triage.BuiltIn;

/// <summary>
/// How a <see cref="LinearModel"/> is stored: a version, a SHA-256 of the rest, its questions, the gaps between its places, its weights.
/// The same model always gives the same bytes.
/// </summary>
internal static class ModelFile
{
    /// <summary>The version of the format and of the features. A file of another one is not read.</summary>
    public const int Version = 2;

    /// <summary>The largest file, in bytes.</summary>
    public const int MaxBytes = 5_000_000;

    private const int MaxHeads = 16, MaxAnswers = 16;
    private static readonly byte[] Magic = "STTRIAGE"u8.ToArray();

    /// <summary>The bytes of a model.</summary>
    public static byte[] Write(LinearModel model)
    {
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content))
        {
            writer.Write7BitEncodedInt(model.Heads.Count);
            foreach (var head in model.Heads)
            {
                writer.Write(head.Name);
                writer.Write7BitEncodedInt(head.Answers);
                foreach (var constant in head.Constants) writer.Write((float)constant);
                foreach (var leaning in head.Leanings) writer.Write((float)leaning);
                writer.Write((float)head.Scale);
                writer.Write((float)head.Temperature);
            }
            writer.Write7BitEncodedInt(model.Places.Length);
            var before = -1;
            foreach (var place in model.Places)
            {
                writer.Write7BitEncodedInt(place - before - 1);
                before = place;
            }
            foreach (var weight in model.Weights) writer.Write(weight);
        }
        var bytes = content.ToArray();
        return [.. Magic, .. BitConverter.GetBytes(Version), .. SHA256.HashData(bytes), .. bytes];
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">It is damaged or of another version; the message says which.</exception>
    public static LinearModel Read(ReadOnlySpan<byte> file)
    {
        if (file.Length > MaxBytes)
            throw new InvalidDataException($"it is larger than {MaxBytes} bytes");
        var header = Magic.Length + sizeof(int);
        if (file.Length < header + SHA256.HashSizeInBytes || !file.StartsWith(Magic))
            throw new InvalidDataException("it is not a file of weights");
        if (BitConverter.ToInt32(file[Magic.Length..]) is var version && version != Version)
            throw new InvalidDataException($"it has version {version}, and this program reads version {Version}");
        var content = file[(header + SHA256.HashSizeInBytes)..];
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(file.Slice(header, SHA256.HashSizeInBytes)))
            throw new InvalidDataException("it is damaged: its checksum does not fit");
        try
        {
            return Content(content.ToArray());
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException("it is damaged", error);
        }
    }

    private static LinearModel Content(byte[] content)
    {
        using var reader = new BinaryReader(new MemoryStream(content));
        var heads = new Head[Bounded(reader, MaxHeads)];
        for (var n = 0; n < heads.Length; n++)
        {
            var name = reader.ReadString();
            var constants = new double[Bounded(reader, MaxAnswers)];
            for (var answer = 0; answer < constants.Length; answer++) constants[answer] = reader.ReadSingle();
            var leanings = new double[constants.Length];
            for (var answer = 0; answer < leanings.Length; answer++) leanings[answer] = reader.ReadSingle();
            heads[n] = new Head(name, constants, leanings, reader.ReadSingle(), reader.ReadSingle());
            if (!IsUsable(heads[n])) throw new FormatException();
        }
        var places = new int[Bounded(reader, FeatureVector.Places)];
        var before = -1;
        for (var n = 0; n < places.Length; n++)
        {
            before += Bounded(reader, FeatureVector.Places) + 1;
            if (before >= FeatureVector.Places) throw new FormatException();
            places[n] = before;
        }
        var left = content.Length - reader.BaseStream.Position;
        if (left != (long)places.Length * heads.Sum(head => head.Answers)) throw new FormatException();
        var weights = new sbyte[left];
        for (var n = 0; n < weights.Length; n++) weights[n] = reader.ReadSByte();
        return new LinearModel(heads, places, weights);
    }

    private static bool IsUsable(Head head) =>
        head.Answers > 0 && head.Constants.Concat(head.Leanings).All(double.IsFinite)
        && double.IsFinite(head.Scale) && double.IsFinite(head.Temperature) && head.Temperature > 0;

    private static int Bounded(BinaryReader reader, int most) =>
        reader.Read7BitEncodedInt() is >= 0 and var value && value <= most ? value : throw new FormatException();
}
