using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SupportTickets.Core;

namespace SupportTickets.Configuration;

/// <summary>TRIAGE: who suggests category, priority and title, and scores sentiment and urgency.</summary>
[SuppressMessage("Naming", "IDE1006", Justification = "the words of the setting")]
public enum TriageMode
{
    /// <summary>Nobody: the fixed answers of the older system.</summary>
    off,
    /// <summary>The model that comes with the program.</summary>
    builtin,
    /// <summary>The provider; where it gives no answer, the built-in model.</summary>
    openai,
}

/// <summary>TRIAGE and OPENAI_*: suggestions and scores.</summary>
/// <param name="Mode">TRIAGE; by default the provider where a key is set, else the built-in model.</param>
/// <param name="ApiKey">OPENAI_API_KEY; null unless the provider is asked.</param>
/// <param name="Model">OPENAI_CLASSIFY_MODEL.</param>
/// <param name="Timeout">OPENAI_TIMEOUT_SECONDS, for each request.</param>
/// <param name="MaxRetries">OPENAI_MAX_RETRIES.</param>
/// <param name="BaseUrl">OPENAI_BASE_URL; null = the vendor's.</param>
public sealed record TriageSettings(TriageMode Mode, string? ApiKey, string Model, TimeSpan Timeout, int MaxRetries, Uri? BaseUrl)
{
    private const double DefaultTimeoutSeconds = 3.5;

    /// <summary>Leaves out the key, which a record would print.</summary>
    public override string ToString() => $"{Mode} {Model}";

    /// <summary>Reads the settings. Invalid timeouts and retries fall back to the default, as in the older system.</summary>
    /// <exception cref="SettingException">
    /// TRIAGE is none of its words, or <see cref="TriageMode.openai"/> without a key; or OPENAI_BASE_URL is not an http address.
    /// </exception>
    public static TriageSettings Read(Func<string, string?> text)
    {
        var isNumber = double.TryParse(
            text("OPENAI_TIMEOUT_SECONDS"), NumberStyles.Float, CultureInfo.InvariantCulture, out var timeout);
        var seconds = isNumber && timeout is >= 0.1 and <= 3600 ? timeout : DefaultTimeoutSeconds;
        var retries = int.TryParse(text("OPENAI_MAX_RETRIES"), NumberStyles.None, CultureInfo.InvariantCulture, out var r) ? r : 0;
        Uri? baseUrl = null;
        if (text("OPENAI_BASE_URL") is { } url
            && (!Uri.TryCreate(url, UriKind.Absolute, out baseUrl) || baseUrl.Scheme is not ("http" or "https")))
            throw new SettingException($"OPENAI_BASE_URL must be an address like https://models.example.com/v1, but is \"{url}\".");
        var key = text("OPENAI_API_KEY");
        var mode = ReadMode(text("TRIAGE"), key);
        return new(
            mode, mode == TriageMode.openai ? key : null, text("OPENAI_CLASSIFY_MODEL") ?? "gpt-4o-mini", TimeSpan.FromSeconds(seconds),
            retries, baseUrl);
    }

    private static TriageMode ReadMode(string? word, string? key)
    {
        if (word is null) return key is null ? TriageMode.builtin : TriageMode.openai;
        if (!EnumNames.TryParse<TriageMode>(word, out var mode))
            throw new SettingException($"TRIAGE must be off, builtin or openai, but is \"{word}\".");
        if (mode == TriageMode.openai && key is null)
            throw new SettingException("TRIAGE=openai needs OPENAI_API_KEY. Set the key, or TRIAGE=builtin.");
        return mode;
    }
}
