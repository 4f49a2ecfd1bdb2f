using System.Globalization;
using System.Text.Json;
using SupportTickets.Analytics;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Submissions;

namespace SupportTickets.Rest;

/// <summary>The columns that the JSON of a ticket needs; a list reads no others.</summary>
internal sealed record TicketJsonRow(
    int Id, string Title, string Description, Category Category, Priority Priority, Status Status, Sentiment Sentiment,
    int UrgencyScore, DateTime CreatedAt)
{
    /// <summary>The row of a ticket that is in memory.</summary>
    public static TicketJsonRow Of(Ticket t) =>
        new(t.Id, t.Title, t.Description, t.Category, t.Priority, t.Status, t.Sentiment, t.UrgencyScore, t.CreatedAt);
}

/// <summary>Writes tickets and figures with the key order and number format of the older system.</summary>
internal static class TicketJson
{
    private const string WholeSeconds = "yyyy-MM-dd'T'HH:mm:ss'Z'", Microseconds = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
    private const int LongestTime = 27;

    private static readonly JsonEncodedText Id = Name("id"), Title = Name("title"), Description = Name("description"),
        Category = Name("category"), Priority = Name("priority"), Status = Name("status"),
        Sentiment = Name("sentiment"), UrgencyScore = Name("urgency_score"), CreatedAt = Name("created_at");

    /// <summary>Writes one ticket.</summary>
    public static void Write(Utf8JsonWriter writer, TicketJsonRow ticket)
    {
        writer.WriteStartObject();
        writer.WriteNumber(Id, ticket.Id);
        writer.WriteString(Title, ticket.Title);
        writer.WriteString(Description, ticket.Description);
        writer.WriteString(Category, Choices<Category>.Names[(int)ticket.Category]);
        writer.WriteString(Priority, Choices<Priority>.Names[(int)ticket.Priority]);
        writer.WriteString(Status, Choices<Status>.Names[(int)ticket.Status]);
        writer.WriteString(Sentiment, Choices<Sentiment>.Names[(int)ticket.Sentiment]);
        writer.WriteNumber(UrgencyScore, ticket.UrgencyScore);
        WriteTime(writer, ticket.CreatedAt);
        writer.WriteEndObject();
    }

    /// <summary>Writes what a caller who may not read tickets has sent, with the ticket's number.</summary>
    public static void Write(Utf8JsonWriter writer, TicketReceipt receipt)
    {
        writer.WriteStartObject();
        writer.WriteNumber(Id, receipt.Id);
        writer.WriteString(Title, receipt.Title);
        writer.WriteString(Description, receipt.Description);
        writer.WriteString(Category, Choices<Category>.Names[(int)receipt.Category]);
        writer.WriteString(Priority, Choices<Priority>.Names[(int)receipt.Priority]);
        if (receipt.Status is { } status) writer.WriteString(Status, Choices<Status>.Names[(int)status]);
        writer.WriteEndObject();
    }

    /// <summary>Writes the figures. Averages always have a fraction.</summary>
    public static void Write(Utf8JsonWriter writer, TicketStats stats)
    {
        writer.WriteStartObject();
        writer.WriteNumber("total_tickets", stats.Total);
        writer.WriteNumber("open_tickets", stats.Open);
        WriteAverage(writer, "avg_tickets_per_day", stats.PerDay);
        WriteBreakdown(writer, "priority_breakdown", stats.ByPriority);
        WriteBreakdown(writer, "category_breakdown", stats.ByCategory);
        WriteBreakdown(writer, "sentiment_breakdown", stats.BySentiment);
        WriteAverage(writer, "avg_urgency_score", stats.AverageUrgency);
        writer.WriteEndObject();
    }

    /// <summary>Writes a list of sentences.</summary>
    public static void WriteTexts(Utf8JsonWriter writer, IEnumerable<string> texts)
    {
        writer.WriteStartArray();
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    /// <summary>Writes the property created_at.</summary>
    internal static void WriteTime(Utf8JsonWriter writer, DateTime time)
    {
        Span<byte> text = stackalloc byte[LongestTime];
        var format = time.Ticks % TimeSpan.TicksPerSecond == 0 ? WholeSeconds : Microseconds;
        time.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        writer.WriteString(CreatedAt, text[..length]);
    }

    private static void WriteAverage(Utf8JsonWriter writer, string name, double average)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(PythonNumber.Spell(average), skipInputValidation: true);
    }

    private static void WriteBreakdown<TEnum>(Utf8JsonWriter writer, string name, IReadOnlyDictionary<TEnum, int> counts)
        where TEnum : struct, Enum
    {
        writer.WriteStartObject(name);
        foreach (var value in Enum.GetValues<TEnum>())
            writer.WriteNumber(value.ToString(), counts[value]);
        writer.WriteEndObject();
    }

    private static JsonEncodedText Name(string name) => JsonEncodedText.Encode(name);

    private static class Choices<TEnum> where TEnum : struct, Enum
    {
        /// <summary>The wire names, indexed by value.</summary>
        public static readonly JsonEncodedText[] Names = [.. Enum.GetNames<TEnum>().Select(Name)];
    }
}
