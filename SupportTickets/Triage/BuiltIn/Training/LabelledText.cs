using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SupportTickets.Tickets;

namespace SupportTickets.Triage.BuiltIn.Training;

/// <summary>A ticket of the training data, and what is right for it. The meanings are in <see cref="Meanings"/>.</summary>
/// <param name="Language">"en", "de", "fr" or "es".</param>
/// <param name="Title">What the person wrote as the title.</param>
/// <param name="Description">What the person wrote.</param>
/// <param name="Category">The category.</param>
/// <param name="OtherCategory">A second one that is as right; null when there is none.</param>
/// <param name="Priority">The priority.</param>
/// <param name="Sentiment">The tone.</param>
/// <param name="Urgency">0 to 100.</param>
public sealed record LabelledText(
    [property: JsonPropertyName("lang"), JsonRequired] string Language,
    [property: JsonPropertyName("title"), JsonRequired] string Title,
    [property: JsonPropertyName("description"), JsonRequired] string Description,
    [property: JsonPropertyName("category"), JsonRequired] Category Category,
    [property: JsonPropertyName("also")] Category? OtherCategory,
    [property: JsonPropertyName("priority"), JsonRequired] Priority Priority,
    [property: JsonPropertyName("sentiment"), JsonRequired] Sentiment Sentiment,
    [property: JsonPropertyName("urgency"), JsonRequired] int Urgency)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
        RespectNullableAnnotations = true,
    };

    /// <summary>
    /// Whether it is set aside: never trained on, and measured with. About a tenth is, by the text and not by its place, so that adding
    /// a ticket moves no other.
    /// </summary>
    [JsonIgnore]
    public bool IsSetAside => SHA256.HashData(Encoding.UTF8.GetBytes(Description))[0] % 10 == 0;

    /// <summary>Reads files of JSON lines, in the order of their names.</summary>
    /// <param name="path">A file, or a folder of files that end in .jsonl.</param>
    /// <exception cref="InvalidDataException">A line cannot be read; the message names it. Or there is none.</exception>
    public static List<LabelledText> ReadAll(string path)
    {
        string[] files = Directory.Exists(path) ? [.. Directory.GetFiles(path, "*.jsonl").Order(StringComparer.Ordinal)] : [path];
        var texts = new List<LabelledText>();
        foreach (var file in files)
        {
            var number = 0;
            foreach (var line in File.ReadLines(file))
            {
                number++;
                if (!string.IsNullOrWhiteSpace(line)) texts.Add(Read(line, file, number));
            }
        }
        return texts.Count > 0 ? texts : throw new InvalidDataException($"There are no labelled texts in {path}.");
    }

    private static LabelledText Read(string line, string file, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<LabelledText>(line, Options) is { Urgency: >= 0 and <= 100 } text
                ? text
                : throw new InvalidDataException($"{file}, line {number}: urgency must be from 0 to 100.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file}, line {number}: {error.Message}", error);
        }
    }
}
