using SupportTickets.Triage.BuiltIn;
using SupportTickets.Triage.BuiltIn.Training;

namespace SupportTickets.Tests.Triage.BuiltIn;

/// <summary>
/// The weights that come with the program are what the training data give, and about as good as docs/triage/quality.md says.
/// </summary>
public sealed class TrainingTests
{
    private static readonly string Data = Path.Combine(AppContext.BaseDirectory, "docs", "triage", "data");

    [Fact]
    public void The_same_texts_give_the_same_bytes_and_are_learned()
    {
        // All of them take too long here: .ci/run trains on them and compares the file.
        List<LabelledText> texts = [.. LabelledText.ReadAll(Data).Where(text => !text.IsSetAside).Take(120)];
        var file = ModelFile.Write(Trainer.Train(texts));
        Assert.Equal(file, ModelFile.Write(Trainer.Train(texts)));
        Assert.True(new Evaluation(new BuiltInTriage(ModelFile.Read(file)), texts).Category > 0.9);
        Assert.InRange(new FileInfo(ModelPath.Shipped.File).Length, 1, ModelFile.MaxBytes);
    }

    [Fact]
    public void Texts_that_were_set_aside_are_judged_as_well_as_is_said()
    {
        var evaluation = new Evaluation(
            new BuiltInTriage(ModelFile.Read(File.ReadAllBytes(ModelPath.Shipped.File))),
            LabelledText.ReadAll(Data).Where(text => text.IsSetAside));
        Assert.True(evaluation.Category >= 0.83, evaluation.Report());
        Assert.True(evaluation.Priority >= 0.73, evaluation.Report());
        Assert.True(evaluation.CriticalRecall >= 0.80, evaluation.Report());
        Assert.True(evaluation.Sentiment >= 0.72, evaluation.Report());
        Assert.True(evaluation.UrgencyError <= 12.5, evaluation.Report());
        Assert.True(evaluation.CategoryCalibration <= 0.08, evaluation.Report());
        Assert.True(evaluation.PriorityCalibration <= 0.08, evaluation.Report());
    }

    [Fact]
    public void The_training_data_are_what_they_should_be()
    {
        var texts = LabelledText.ReadAll(Data);
        Assert.True(texts.Count >= 1500);
        Assert.Equal(texts.Count, texts.Select(text => text.Description).Distinct().Count());
        Assert.InRange(texts.Count(text => text.Language != "en") / (double)texts.Count, 0.18, 0.35);
        Assert.InRange(texts.Count(text => text.IsSetAside) / (double)texts.Count, 0.08, 0.12);
        Assert.All(texts, text => Assert.InRange(text.Urgency, 0, 100));
    }

    [Fact]
    public void A_line_that_cannot_be_read_is_named()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "\n{\"lang\":\"en\",\"title\":\"t\",\"description\":\"d\",\"category\":\"sales\"}\n");
            Assert.StartsWith($"{file}, line 2: ", Assert.Throws<InvalidDataException>(() => LabelledText.ReadAll(file)).Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_exponential_function_and_the_logarithm_are_those_of_mathematics()
    {
        for (var x = -40.0; x <= 40; x += 0.37)
        {
            Assert.Equal(1, SteadyMath.Exp(x) / Math.Exp(x), 12);
            Assert.Equal(x, SteadyMath.Log(Math.Exp(x)), 10);
        }
        Assert.Equal(0, SteadyMath.Exp(-1000));
    }
}
