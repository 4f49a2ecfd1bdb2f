using CsCheck;
using SupportTickets.Triage.BuiltIn;

namespace SupportTickets.Tests.Triage.BuiltIn;

public sealed class ModelFileTests
{
    private static readonly Gen<LinearModel> Models =
        from places in Gen.Int[0, FeatureVector.Places - 1].HashSet[0, 200]
        from answers in Gen.Int[1, 4].Array[1, 5]
        from numbers in Gen.Float[-3, 3].Array[answers.Sum()]
        from weights in Gen.SByte.Array[places.Count * answers.Sum()]
        select new LinearModel(
            [.. answers.Select((count, at) => new Head(
                $"question {at}", [.. numbers.Skip(answers.Take(at).Sum()).Take(count).Select(n => (double)n)],
                [.. Enumerable.Repeat(1.5, count)], 0.5f, 1.25f))],
            [.. places.Order()], weights);

    [Fact]
    public void A_model_comes_back_as_it_was_and_gives_the_same_bytes_again() => Models.Sample(model =>
    {
        var file = ModelFile.Write(model);
        var read = ModelFile.Read(file);
        Assert.Equal(model.Places, read.Places);
        Assert.Equal(model.Weights, read.Weights);
        Assert.Equal(model.Heads.Select(Shown), read.Heads.Select(Shown));
        Assert.Equal(file, ModelFile.Write(read));
    }, iter: 200);

    [Fact]
    public void A_damaged_or_shortened_file_is_refused() =>
        Gen.Select(Models, Gen.Int[0, 1_000_000], Gen.Int[1, 255], Gen.Bool).Sample((model, at, flipped, isShortened) =>
        {
            var file = ModelFile.Write(model);
            at %= file.Length;
            if (isShortened) file = file[..at];
            else file[at] ^= (byte)flipped;
            Assert.Throws<InvalidDataException>(() => ModelFile.Read(file));
        }, iter: 500);

    [Fact]
    public void A_file_of_another_version_is_refused_and_says_so()
    {
        var file = ModelFile.Write(new LinearModel([new Head("question", [0], [1], 1, 1)], [], []));
        file[8]++;
        var error = Assert.Throws<InvalidDataException>(() => ModelFile.Read(file));
        Assert.Equal($"it has version {ModelFile.Version + 1}, and this program reads version {ModelFile.Version}", error.Message);
    }

    private static string Shown(Head head) =>
        $"{head.Name} {string.Join(' ', head.Constants)} {string.Join(' ', head.Leanings)} {head.Scale} {head.Temperature}";
}
