using System.Globalization;

namespace SupportTickets.Triage.BuiltIn.Training;

/// <summary>
/// The commands <c>train</c>, which makes the weights of the built-in model, and <c>evaluate</c>, which measures them. Both are for the
/// folder of the source code, where the labelled texts are.
/// </summary>
public static class TrainingCommands
{
    private const string Data = "docs/triage/data", Weights = "SupportTickets/Triage/BuiltIn/triage.model";

    /// <summary>
    /// <c>train [FOLDER [FILE]]</c>: trains on the texts of a folder that are not set aside, and writes the weights to a file. The same
    /// texts give the same file, byte for byte.
    /// </summary>
    public static int Train(string[] args)
    {
        var (folder, file) = (args.ElementAtOrDefault(1) ?? Data, args.ElementAtOrDefault(2) ?? Weights);
        return Try(() =>
        {
            List<LabelledText> texts = [.. LabelledText.ReadAll(folder).Where(text => !text.IsSetAside)];
            var bytes = ModelFile.Write(Trainer.Train(texts));
            File.WriteAllBytes(file, bytes);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Trained on {texts.Count} texts: {file}, {bytes.Length:N0} bytes."));
        });
    }

    /// <summary>
    /// <c>evaluate [FILE]</c>: measures the weights that came with the program on the texts that were set aside, or on all of a file.
    /// </summary>
    public static int Evaluate(BuiltInTriage triage, string[] args) => Try(() =>
    {
        if (!triage.IsReady) throw new InvalidDataException("There is no built-in model: TRIAGE is off, or its file cannot be used.");
        IEnumerable<LabelledText> texts = args.ElementAtOrDefault(1) is { } file
            ? LabelledText.ReadAll(file)
            : LabelledText.ReadAll(Data).Where(text => text.IsSetAside);
        Console.Write(new Evaluation(triage, texts).Report());
    });

    private static int Try(Action work)
    {
        try
        {
            work();
            return 0;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }
}
