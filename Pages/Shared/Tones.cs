using SupportTickets.Tickets;

namespace SupportTickets.Pages.Shared;

/// <summary>The classes that colour a value. Every colour comes with a word.</summary>
public static class Tones
{
    /// <summary>The class of a status.</summary>
    public static string Tone(this Status status) => $"tone-{status switch
    {
        Status.open => "open",
        Status.in_progress => "progress",
        Status.resolved => "resolved",
        Status.closed => "quiet",
    }}";

    /// <summary>The class of a priority.</summary>
    public static string Tone(this Priority priority) => $"tone-{priority switch
    {
        Priority.critical => "critical",
        Priority.high => "high",
        Priority.medium or Priority.low => "quiet",
    }}";

    /// <summary>The class of a sentiment.</summary>
    public static string Tone(this Sentiment sentiment) => $"tone-{sentiment switch
    {
        Sentiment.angry => "critical",
        Sentiment.frustrated => "high",
        Sentiment.neutral or Sentiment.calm => "quiet",
    }}";
}
