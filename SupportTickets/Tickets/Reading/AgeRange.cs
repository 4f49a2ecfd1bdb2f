using System.Globalization;

namespace SupportTickets.Tickets.Reading;

/// <summary>Ages in days of 24 hours.</summary>
/// <param name="From">At least as old; 0 takes in whatever is younger than that by a clock that goes wrong.</param>
/// <param name="To">Younger than this; null without end.</param>
public sealed record AgeRange(int From, int? To)
{
    /// <summary>Those that the dashboard tells apart: each ticket is in one.</summary>
    public static readonly IReadOnlyList<AgeRange> Buckets = [new(0, 1), new(1, 3), new(3, 7), new(7, 30), new(30, null)];

    private const int Max = 36_500;

    /// <summary>Parses <c>3-7</c>, or <c>30-</c> without an end; null for anything else.</summary>
    public static AgeRange? Parse(string text) => text.Split('-') is [var from, var to] && Days(from) is { } first
        ? to.Length == 0 ? new(first, null) : Days(to) is { } end && end > first ? new(first, end) : null
        : null;

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From}-{To}");

    private static int? Days(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= Max ? days : null;
}
